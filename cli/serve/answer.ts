/**
 * What the server answers, as a pure function of the request: GET and HEAD of a fixed list of files, for pages of this
 * machine alone. Another site's page that a browser has open can neither read it (Origin) nor reach it under a name of
 * its own that points here (Host: DNS rebinding).
 */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { ServedFile } from './files.ts';

export interface Asked {
  method?: string | undefined;
  url?: string | undefined;
  headers: IncomingHttpHeaders;
}

export interface Answered {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

/** Nothing from anywhere else, no inline scripts or styles, no frames around it. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const always: OutgoingHttpHeaders = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** The answer to a request at a server that listens on `port`. */
export function answerTo(
  { method, url, headers }: Asked,
  files: ReadonlyMap<string, ServedFile>,
  port: number,
): Answered {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (headers.host === undefined || !own.includes(headers.host.toLowerCase())) {
    return refusal(403, 'this server answers to 127.0.0.1 and localhost only');
  }
  const { origin } = headers;
  if (origin !== undefined && !own.some((host) => origin === `http://${host}`)) {
    return refusal(403, 'requests of other sites are refused');
  }
  if (headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate') {
    return refusal(403, 'requests of other sites are refused');
  }
  if (method !== 'GET' && method !== 'HEAD') return refusal(405, 'GET and HEAD only', { Allow: 'GET, HEAD' });
  const file = files.get((url ?? '').replace(/[?#].*$/s, ''));
  if (!file) return refusal(404, 'there is no such file');
  const fileHeaders = { ...always, 'Content-Type': file.type, 'Content-Length': file.body.length };
  return { status: 200, headers: fileHeaders, body: method === 'HEAD' ? Buffer.alloc(0) : file.body };
}

function refusal(status: number, text: string, more: OutgoingHttpHeaders = {}): Answered {
  const body = Buffer.from(`${text}\n`);
  const headers = { ...always, ...more, 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': body.length };
  return { status, headers, body };
}
