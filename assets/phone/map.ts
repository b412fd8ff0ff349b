// The outline of the map: waters, the stop and the phone, drawn without any tile.
import { svg } from "./dom";
import { Place } from "./record";
import { Stop } from "./package";

const SIDE = 320;
const HEIGHT = 200;
const MARGIN = 28;
/** Half of what is shown where the phone is not near, in millionths of a degree: some three kilometres. */
const AROUND_E6 = 30_000;
/** Longest name on the sketch, in characters. */
const LABEL_CHARS = 14;
/** The least that is shown across, in millionths of a degree: some nine hundred metres. */
const LEAST_E6 = 8_000;

export function sketch(stop: Stop, me: Place | undefined, words: { stop: string; me: string }): SVGElement | undefined {
  if (!stop.at) return undefined;
  const at = stop.at;
  const shrink = Math.cos((at.lat_e6 / 1e6) * (Math.PI / 180));
  const near = me && Math.abs(me.lat_e6 - at.lat_e6) < 60_000 && Math.abs(me.lon_e6 - at.lon_e6) < 60_000 ? me : undefined;
  const span = near ? Math.max(Math.abs(near.lat_e6 - at.lat_e6), Math.abs(near.lon_e6 - at.lon_e6) * shrink) : AROUND_E6;
  const scale = (HEIGHT / 2 - MARGIN) / Math.max(span, LEAST_E6);
  const x = (lon: number) => Math.round(SIDE / 2 + (lon - at.lon_e6) * shrink * scale);
  const y = (lat: number) => Math.round(HEIGHT / 2 - (lat - at.lat_e6) * scale);
  const clamp = (value: number) => Math.max(-4_000, Math.min(4_000, value));
  const lines = stop.outline.map(([name, line]) =>
    svg("polyline", { class: "water", points: line.map(([lon, lat]) => `${clamp(x(lon))},${clamp(y(lat))}`).join(" ") }, svg("title", {}, name)),
  );
  const marks: SVGElement[] = [svg("circle", { class: "target", cx: SIDE / 2, cy: HEIGHT / 2, r: 8 }), svg("text", { x: SIDE / 2, y: HEIGHT / 2 + 26, "text-anchor": "middle" }, words.stop.slice(0, LABEL_CHARS))];
  if (near) {
    const accuracy = ((near.accuracy_m || 0) / 0.1112) * scale;
    marks.push(
      svg("line", { class: "way", x1: x(near.lon_e6), y1: y(near.lat_e6), x2: SIDE / 2, y2: HEIGHT / 2 }),
      svg("circle", { class: "around", cx: x(near.lon_e6), cy: y(near.lat_e6), r: Math.max(8, Math.min(120, Math.round(accuracy))) }),
      svg("circle", { class: "me", cx: x(near.lon_e6), cy: y(near.lat_e6), r: 6 }),
    );
  }
  return svg("svg", { class: "sketch-map", viewBox: `0 0 ${SIDE} ${HEIGHT}`, role: "img", "aria-label": near ? `${words.stop}, ${words.me}` : words.stop }, ...lines, ...marks);
}
