// The camera in the page: what it takes never passes through a gallery. The last picture of the place can lie over it as a ghost.
import { Bytes, sha256 } from "./bytes";
import { fix } from "./place";
import { PAGE } from "./queue";
import { Shot } from "./record";

const LONG_EDGE = 1_600;
const QUALITY = 0.8;

let stream: MediaStream | undefined;

export const isSupported = (): boolean => !!(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);

/** Shows the camera in an element. */
export async function open(video: HTMLVideoElement): Promise<void> {
  stop();
  const wanted = { video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1440 } }, audio: false };
  stream = await navigator.mediaDevices.getUserMedia(wanted);
  video.srcObject = stream;
  await video.play();
}

export function stop(): void {
  if (stream) stream.getTracks().forEach((track) => track.stop());
  stream = undefined;
}

/** The random code a picture is taken under, and when it was fetched. */
export interface Code {
  code: string;
  fetchedAt: string;
  steadyMs?: number;
}

async function drawn(source: CanvasImageSource, width: number, height: number): Promise<Bytes> {
  const scale = Math.min(1, LONG_EDGE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("nothing to draw on");
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) throw new Error("the picture could not be made");
  return new Uint8Array(await blob.arrayBuffer());
}

async function shot(bytes: Bytes, inApp: boolean, code?: Code): Promise<Shot> {
  const steadyMs = performance.now();
  const now = new Date().toISOString();
  const here = fix();
  const since = code && code.steadyMs !== undefined ? Math.round(steadyMs - code.steadyMs) : undefined;
  const digest = await sha256(bytes);
  return {
    bytes,
    page: PAGE,
    steadyMs,
    capture: {
      sha256: digest,
      in_app: inApp,
      captured_at: now,
      sent_at: now,
      nonce: code && code.code,
      fetched_at: code && code.fetchedAt,
      since_fetched_ms: since,
      place: here && here.place,
      mock: !!here && here.mock,
    },
  };
}

/** Takes a picture of what the camera shows now. */
export async function shoot(video: HTMLVideoElement, code?: Code): Promise<Shot> {
  return shot(await drawn(video, video.videoWidth, video.videoHeight), true, code);
}

/** A file that somebody chose: kept as it is, and marked as not taken here. */
export async function chosen(file: File, code?: Code): Promise<Shot> {
  return shot(new Uint8Array(await file.arrayBuffer()), false, code);
}
