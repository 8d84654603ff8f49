// Where the device is, or why it does not say.
import type { Place } from "../shared/datum";

const OPTIONS: PositionOptions = { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 };

/** The failures are named like the words that explain them. */
export type Located =
  | { kind: "place"; place: Place; accuracy_m: number }
  | { kind: "locationInsecure" | "locationDenied" | "locationUnavailable" };

/** Asks the device; the browser asks the user. */
export function locate(): Promise<Located> {
  if (!window.isSecureContext || !("geolocation" in navigator)) return Promise.resolve({ kind: "locationInsecure" });
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({
        kind: "place", accuracy_m: coords.accuracy, place: { lon: coords.longitude, lat: coords.latitude, datum: "wgs84" },
      }),
      (error) => resolve({ kind: error.code === error.PERMISSION_DENIED ? "locationDenied" : "locationUnavailable" }),
      OPTIONS,
    );
  });
}

/** Whether the user has said before that this page may know. */
export async function mayLocate(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: "geolocation" })).state === "granted";
  } catch {
    // Browsers without permissions are asked by a tap only.
    return false;
  }
}
