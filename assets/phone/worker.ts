// The service worker: keeps the page and its files on the phone, and gives them out without asking the network first. It
// never touches records: those are kept by the page, which works the same where workers are switched off.
interface Worker extends EventTarget {
  KEPT: string[];
  location: Location;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}
interface Fetched extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
  waitUntil(done: Promise<unknown>): void;
}

const worker = self as unknown as Worker;
const PAGE = "/field";
const CACHE = "bihuan-field-" + worker.KEPT.join("|");

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  // One by one: what is there already need not be fetched again when the line breaks off.
  for (const url of worker.KEPT) {
    const answer = await fetch(url, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(`${url}: ${answer.status}`);
    await cache.put(url, answer);
  }
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith("bihuan-field-") && name !== CACHE) await caches.delete(name);
  await worker.clients.claim();
}

/** The page from the phone; the next visit gets what the server has now. */
async function page(event: Fetched): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(PAGE);
  const asked = fetch(event.request).then(async (answer) => {
    if (answer.ok && !answer.redirected) await cache.put(PAGE, answer.clone());
    return answer;
  });
  if (!kept) return asked;
  event.waitUntil(asked.catch(() => undefined));
  return kept;
}

async function file(request: Request): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match(request);
  return kept || fetch(request);
}

worker.addEventListener("install", (event) => (event as Fetched).waitUntil(install()));
worker.addEventListener("activate", (event) => (event as Fetched).waitUntil(activate()));
worker.addEventListener("fetch", (given) => {
  const event = given as Fetched;
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (url.pathname === PAGE && event.request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(file(event.request));
});
