/**
 * A page that has the playground's worker simulate a list of stages and reports their fingerprints to the server it came
 * from. Any browser can be sent there, with or without a driver for it.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Wanted {
  file: string;
  text: string;
  stage: number;
}

export interface FingerprintPage {
  url: string;
  /** Fingerprints in the order of the stages; rejects when a stage could not be simulated. */
  reported: Promise<string[]>;
  close(): void;
}

const page = '<!doctype html><title>fingerprints</title><script src="page.js"></script>';

const script = `
const post = (answer) => fetch('answer', { method: 'POST', body: JSON.stringify(answer) });
fetch('wanted.json').then((response) => response.json()).then((wanted) => {
  const worker = new Worker('worker.js');
  const found = [];
  const next = () => {
    const id = found.length;
    if (id === wanted.length) return post({ found });
    worker.postMessage({ kind: 'run', id, order: { ...wanted[id], changes: [], kills: [], whole: true } });
  };
  worker.onerror = (event) => post({ error: event.message });
  worker.onmessage = ({ data }) => {
    if (data.kind === 'refused') post({ error: data.message });
    if (data.kind !== 'result') return;
    found.push(data.result.stages[0].fingerprint);
    next();
  };
  next();
});`;

/** Serves the page on a free port of 127.0.0.1. */
export async function serveFingerprintPage(wanted: readonly Wanted[]): Promise<FingerprintPage> {
  let settle: { resolve(found: string[]): void; reject(error: Error): void };
  const reported = new Promise<string[]>((resolve, reject) => (settle = { resolve, reject }));
  const files: Record<string, [type: string, body: string]> = {
    '/': ['text/html', page],
    '/page.js': ['text/javascript', script],
    '/worker.js': [
      'text/javascript',
      readFileSync(new URL('../../dist/playground/worker.js', import.meta.url), 'utf8'),
    ],
    '/wanted.json': ['application/json', JSON.stringify(wanted)],
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      if (request.method === 'POST') {
        const { found, error } = JSON.parse(body) as { found?: string[]; error?: string };
        if (found) settle.resolve(found);
        else settle.reject(new Error(error));
      }
      const [type, text] = files[request.url ?? ''] ?? ['text/plain', ''];
      response.writeHead(200, { 'Content-Type': type }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}/`, reported, close };
}
