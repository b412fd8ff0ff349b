// A record as it stands in the queue and as it travels; the server reads the same words (crates/web/src/field/record.rs).
import { Bytes } from "./bytes";
export interface Place {
  lat_e6: number;
  lon_e6: number;
  datum: string;
  accuracy_m?: number;
}

export interface Capture {
  sha256: string;
  in_app: boolean;
  captured_at: string;
  sent_at: string;
  nonce?: string;
  fetched_at?: string;
  since_fetched_ms?: number;
  until_sent_ms?: number;
  place?: Place;
  mock: boolean;
}

export interface Photo {
  capture: Capture;
  parts: string[];
}

export interface Made {
  at: string;
  device: string;
  n: number;
  key: string;
  sent_at: string;
}

export interface Arrival {
  at: string;
  entry: string;
  escorted: boolean;
  place?: Place;
}

export interface Answer {
  result: string;
  note?: string;
}

export interface Visit {
  kind: "visit";
  arrival: Arrival;
  saw: string;
  note: string;
  answers: Answer[];
  field: string;
}

export interface Finding {
  kind: "finding";
  field: string;
  facts: string;
  spot: string;
  place?: Place;
  fix_now: boolean;
}

export type What = Visit | Finding;

export type Sent = What & { mission: string; stop: number; made: Made; photos: Photo[] };

/** What only this page knows of a picture: by its own steady clock when it was taken. */
export interface Shot {
  bytes: Bytes;
  capture: Capture;
  page: string;
  steadyMs: number;
}
