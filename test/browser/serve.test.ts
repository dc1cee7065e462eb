/** `tenfold serve` as a process: where it listens, what it says, how it ends, what raw requests get. */
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { firstGood, slowness } from '../pace.ts';
import { type Served, startServer } from './server.ts';

async function served(): Promise<Served> {
  const server = await startServer();
  onTestFinished(() => void server.end('SIGKILL'));
  return server;
}

/** Sends bytes as they are and answers all that comes back. */
function raw(port: number, text: string, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => socket.end(text));
    let answer = '';
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}

const get = (path: string, headers = '') =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n${headers}Connection: close\r\n\r\n`;

describe('tenfold serve', () => {
  it('gives out its files, and their type', async () => {
    const { url } = await served();
    for (const [path, type] of [
      ['', 'text/html'],
      ['playground.js', 'text/javascript'],
      ['worker.js', 'text/javascript'],
      ['style.css', 'text/css'],
      ['scenarios.json', 'application/json'],
    ]) {
      const response = await fetch(url + path);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`]);
    }
    expect(Object.keys(await (await fetch(`${url}scenarios.json`)).json())).toContain('progression');
  });

  it('does not walk up the tree, however the path is written', async () => {
    const { port } = await served();
    for (const path of [
      '/../cli.js',
      '/../../package.json',
      '/%2e%2e/cli.js',
      '/..%5ccli.js',
      '//cli.js',
      '/playground/../cli.js',
    ]) {
      const answer = await raw(port, get(path).replace('PORT', String(port)));
      expect(answer).toMatch(/^HTTP\/1\.1 404 /);
      expect(answer).not.toContain('tenfold"');
    }
  });

  it('refuses other hosts and origins', async () => {
    const { port } = await served();
    expect(await raw(port, get('/').replace('127.0.0.1:PORT', 'evil.example'))).toMatch(/^HTTP\/1\.1 403 /);
    expect(await raw(port, get('/', 'Origin: http://evil.example\r\n').replace('PORT', String(port)))).toMatch(
      /^HTTP\/1\.1 403 /,
    );
    expect(await raw(port, get('/').replace('PORT', String(port)))).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('survives nonsense', async () => {
    const { port, url } = await served();
    for (const text of [
      '\0\0\0',
      'GET\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: ${'x'.repeat(20_000)}\r\n\r\n`,
      'POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc',
    ]) {
      await raw(port, text).catch(() => '');
    }
    expect((await fetch(url)).status).toBe(200);
  });

  it('cannot be reached from another machine', async () => {
    const { port } = await served();
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((it) => it && it.family === 'IPv4' && !it.internal)?.address;
    if (outside === undefined) return; // no network, nobody outside
    await expect(raw(port, get('/'), outside)).rejects.toThrow(/ECONNREFUSED/);
  });

  it.each([
    ['SIGINT', 0],
    ['SIGTERM', 143],
  ] as const)('ends at %s with exit code %i, also while a browser holds a connection', async (signal, code) => {
    // A connection that is waited for stays for a minute.
    const { value, limit } = await firstGood(async () => {
      const { port, end } = await served();
      const socket = connect(port, '127.0.0.1');
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.on('error', () => {});
      const start = performance.now();
      expect(await end(signal)).toEqual([code, null]);
      return { value: performance.now() - start, limit: 2000 * slowness() };
    });
    expect(value).toBeLessThanOrEqual(limit);
  });

  it('says so when its port is taken', async () => {
    const other = createServer();
    onTestFinished(() => void other.close());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await expect(startServer(['--port', String(port)])).rejects.toThrow(
      `exit 2: tenfold: port ${port} is taken by another program; choose another one with --port, or 0 for any\n`,
    );
  });

  it.each(['65536', '-1', 'x', '1.5', '0x10', ''])('refuses the port "%s"', async (port) => {
    await expect(startServer([`--port=${port}`])).rejects.toThrow(/exit 2: tenfold: /);
  });
});
