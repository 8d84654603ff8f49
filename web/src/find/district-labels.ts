// Where to write the name of each district: in the middle of its largest piece.
export interface DistrictLabel { name: string; lon: number; lat: number }

/** One label for each named polygon. */
export function districtLabels(districts: GeoJSON.FeatureCollection | null): DistrictLabel[] {
  const labels: DistrictLabel[] = [];
  for (const { geometry, properties } of districts?.features ?? []) {
    const name: unknown = properties?.["name"];
    if (typeof name !== "string" || geometry === null) continue;
    const rings = geometry.type === "Polygon" ? [geometry.coordinates[0]]
      : geometry.type === "MultiPolygon" ? geometry.coordinates.map((polygon) => polygon[0]) : [];
    const middle = rings.map((ring) => ringMiddle(ring ?? [])).sort((a, b) => b.area - a.area)[0];
    if (middle !== undefined && middle.area > 0) labels.push({ name, lon: middle.lon, lat: middle.lat });
  }
  return labels;
}

// The centroid of a ring in the plane of degrees: only a label hangs on it. The sum starts at the first corner, so
// that the small differences are not lost beside the large coordinates.
function ringMiddle(ring: GeoJSON.Position[]): { area: number; lon: number; lat: number } {
  const [x0 = 0, y0 = 0] = ring[0] ?? [];
  let twiceArea = 0;
  let sumX = 0;
  let sumY = 0;
  ring.forEach(([lon = 0, lat = 0], index) => {
    const [nextLon = 0, nextLat = 0] = ring[(index + 1) % ring.length] ?? [];
    const [ax, ay, bx, by] = [lon - x0, lat - y0, nextLon - x0, nextLat - y0];
    const cross = ax * by - bx * ay;
    twiceArea += cross;
    sumX += (ax + bx) * cross;
    sumY += (ay + by) * cross;
  });
  if (twiceArea === 0) return { area: 0, lon: x0, lat: y0 };
  return { area: Math.abs(twiceArea), lon: x0 + sumX / (3 * twiceArea), lat: y0 + sumY / (3 * twiceArea) };
}
