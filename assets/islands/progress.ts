// Long work: the page asks how far it is; without this script it reloads by itself.
export function progress(): void {
  const bar = document.querySelector<HTMLProgressElement>("progress[data-status]");
  if (!bar || !bar.dataset.status) return;
  const address = bar.dataset.status;
  const words = document.querySelector<HTMLElement>("[data-progress-words]");
  const ask = (): void => {
    fetch(address, { headers: { accept: "application/json" } })
      .then((answer) => answer.json())
      .then((job: { done: number; total: number; words: string; over: boolean }) => {
        if (job.over) {
          location.reload();
          return;
        }
        if (job.total > 0) {
          bar.max = job.total;
          bar.value = job.done;
        }
        if (words) words.textContent = job.words;
        setTimeout(ask, 700);
      })
      .catch(() => setTimeout(ask, 3000));
  };
  setTimeout(ask, 400);
}
