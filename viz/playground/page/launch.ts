/**
 * Where the scenarios and the worker come from. Served, they are files beside the page. Opened by double-click
 * (file://) a page may neither fetch nor start workers, so both come in a script, and the worker from a blob.
 */

interface Offline {
  scenarios: Record<string, string>;
  worker: string;
}

export interface Supplies {
  scenarios: Record<string, string>;
  startWorker(): Worker;
}

/** Throws an error in words for the person when something is missing. */
export async function supplies(): Promise<Supplies> {
  if (location.protocol === 'file:') return offline();
  const response = await fetch('scenarios.json');
  if (!response.ok) throw new Error(`the scenarios could not be loaded (${response.status})`);
  return { scenarios: (await response.json()) as Record<string, string>, startWorker: () => new Worker('worker.js') };
}

async function offline(): Promise<Supplies> {
  await new Promise<void>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = 'offline.js';
    script.onload = () => resolve();
    script.onerror = () => reject(new Error('offline.js is missing beside this page; copy the whole folder'));
    document.head.append(script);
  });
  const { scenarios, worker } = (globalThis as unknown as { tenfoldOffline: Offline }).tenfoldOffline;
  const address = URL.createObjectURL(new Blob([worker], { type: 'text/javascript' }));
  return { scenarios, startWorker: () => new Worker(address) };
}
