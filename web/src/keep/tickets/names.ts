// The names of stations, asked for once each.
import { RequestError } from "../../shared/api";
import type { StationFeature } from "../../shared/types";
import type { Asker } from "../panel";

const ITEMS = "/v1/collections/stations/items";
// So many are offered when a name fits several.
const MOST_OFFERED = 8;

export interface Named { id: string; name: string }

export class StationNames {
  private readonly known = new Map<string, Promise<string | null>>();

  constructor(private readonly ask: Asker) {}

  /** The name of a station; null when there is none of that id. Throws `RequestError`. */
  of(id: string): Promise<string | null> {
    const name = this.known.get(id) ?? this.read(id);
    this.known.set(id, name);
    return name;
  }

  /** The stations that a text may mean, those of that very id or name before others. Throws `RequestError`. */
  async meant(text: string): Promise<Named[]> {
    const found = await this.ask.json<{ features: StationFeature[] }>({ path: ITEMS, query: { q: text, limit: String(MOST_OFFERED), fields: "name" } });
    const all = found.features.map(({ id, properties }) => ({ id, name: properties.name }));
    const exact = all.filter(({ id, name }) => id === text || name === text);
    return exact.length === 1 ? exact : all;
  }

  private async read(id: string): Promise<string | null> {
    try {
      const { properties } = await this.ask.json<StationFeature>({ path: `${ITEMS}/${encodeURIComponent(id)}`, query: { fields: "name" } });
      return properties.name;
    } catch (error) {
      if (error instanceof RequestError && error.status === 404) return null;
      // It may do the next time.
      this.known.delete(id);
      throw error;
    }
  }
}
