// Where the phone is: watched while the page is open, so that the fix is there when it is needed. Never faked, never waited for.
import { Place } from "./record";

export interface Fix {
  place: Place;
  at: number;
  mock: boolean;
}

/** A fix older than this no longer says where the phone is. */
const FRESH_MS = 60_000;
const EARTH_M = 6_371_008.8;
/** An accuracy of nought, or the very same digits again and again, is what programs that fake positions tell. */
const SAME_MOST = 20;

let last: Fix | undefined;
let same = 0;
let watching = false;
const told: (() => void)[] = [];

export function watch(changed: () => void): void {
  told.push(changed);
  if (watching || !navigator.geolocation) return;
  watching = true;
  navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      const place = { lat_e6: Math.round(coords.latitude * 1e6), lon_e6: Math.round(coords.longitude * 1e6), datum: "wgs84", accuracy_m: Math.round(coords.accuracy) };
      same = last && last.place.lat_e6 === place.lat_e6 && last.place.lon_e6 === place.lon_e6 && last.at !== timestamp ? same + 1 : 0;
      last = { place, at: Date.now(), mock: coords.accuracy === 0 || same >= SAME_MOST };
      told.forEach((each) => each());
    },
    () => told.forEach((each) => each()),
    { enableHighAccuracy: true, maximumAge: 10_000, timeout: 30_000 },
  );
}

export function fix(): Fix | undefined {
  return last && Date.now() - last.at < FRESH_MS ? last : undefined;
}

/** Metres between two places, when neither is in a shifted datum. */
export function distance(one: Place, other: Place): number | undefined {
  if (![one, other].every((place) => place.datum === "wgs84" || place.datum === "cgcs2000")) return undefined;
  const radians = (e6: number) => (e6 / 1e6) * (Math.PI / 180);
  const [a, b] = [radians(one.lat_e6), radians(other.lat_e6)];
  const half = (angle: number) => Math.sin(angle / 2) ** 2;
  const h = half(b - a) + Math.cos(a) * Math.cos(b) * half(radians(other.lon_e6 - one.lon_e6));
  return Math.round(2 * EARTH_M * Math.asin(Math.sqrt(h)));
}
