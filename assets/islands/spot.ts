// Where the reader stands: one tap fills in longitude and latitude. Nothing is sent, nothing is asked for unless tapped.
const DIGITS = 6;
const LONGEST_MS = 15_000;

export function spot(): void {
  document.querySelectorAll<HTMLElement>("[data-spot]").forEach((place) => {
    const names = (place.dataset.spot || "").split(" ");
    const inputs = names.map((id) => document.getElementById(id) as HTMLInputElement | null);
    const button = place.querySelector("button");
    const told = place.querySelector<HTMLElement>("[data-failed]");
    const [longitude, latitude] = inputs;
    if (!navigator.geolocation || !button || !longitude || !latitude) return;
    place.hidden = false;
    button.addEventListener("click", () => {
      button.setAttribute("aria-busy", "true");
      const rest = (words: string) => {
        button.removeAttribute("aria-busy");
        if (told) told.textContent = words;
      };
      navigator.geolocation.getCurrentPosition(
        (found) => {
          longitude.value = found.coords.longitude.toFixed(DIGITS);
          latitude.value = found.coords.latitude.toFixed(DIGITS);
          rest(`± ${Math.round(found.coords.accuracy)} m`);
        },
        () => rest((told && told.dataset.failed) || ""),
        { enableHighAccuracy: true, timeout: LONGEST_MS },
      );
    });
  });
}
