/** What the server answers to whom: the fixed list, the methods, the hosts and origins, and the headers of every answer. */
import { describe, expect, it } from 'vitest';
import { answerTo } from '../../cli/serve/answer.ts';

const page = { type: 'text/html; charset=utf-8', body: Buffer.from('<p>hello</p>') };
const files = new Map([
  ['/', page],
  ['/index.html', page],
  ['/worker.js', { type: 'text/javascript; charset=utf-8', body: Buffer.from('1') }],
]);

const ask = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  answerTo({ method, url, headers: { host: '127.0.0.1:8321', ...headers } }, files, 8321);

describe('what is given out', () => {
  it.each(['/', '/index.html', '/worker.js', '/worker.js?x=1', '/#s=abc'])('%s', (url) => {
    expect(ask(url).status).toBe(200);
  });

  it.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/playground/../../package.json',
    '//etc/passwd',
    '/etc/passwd',
    '/worker.js/',
    '/worker.js%00.html',
    '/WORKER.JS',
    '/.sources',
    '/offline.js',
    'http://127.0.0.1:8321/index.html',
    '*',
    '',
    '/__proto__',
    '/constructor',
    '\\..\\package.json',
  ])('nothing at %s', (url) => {
    expect(ask(url).status).toBe(404);
  });

  it('a HEAD has the headers of a GET and no body', () => {
    const [get, head] = [ask('/'), ask('/', {}, 'HEAD')];
    expect(head.headers).toEqual(get.headers);
    expect([get.body.length, head.body.length]).toEqual([12, 0]);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'CONNECT', 'get'])('no %s', (method) => {
    const { status, headers } = ask('/', {}, method);
    expect([status, headers.Allow]).toEqual([405, 'GET, HEAD']);
  });
});

describe('who is answered', () => {
  it.each(['127.0.0.1:8321', 'localhost:8321', 'LocalHost:8321'])('the host %s', (host) => {
    expect(ask('/', { host }).status).toBe(200);
  });

  it.each([
    'evil.example',
    'evil.example:8321',
    '127.0.0.1',
    '127.0.0.1:80',
    '127.0.0.1:8321.evil.example',
    'localhost.evil.example:8321',
    '[::1]:8321',
    '0.0.0.0:8321',
    '',
  ])('not the host %s, which a name of a stranger may point here', (host) => {
    expect(ask('/', { host }).status).toBe(403);
  });

  it('nobody without a host', () => {
    expect(answerTo({ method: 'GET', url: '/', headers: {} }, files, 8321).status).toBe(403);
  });

  it.each(['http://127.0.0.1:8321', 'http://localhost:8321'])('the origin %s', (origin) => {
    expect(ask('/worker.js', { origin }).status).toBe(200);
  });

  it.each([
    'http://evil.example',
    'https://127.0.0.1:8321',
    'http://127.0.0.1:8322',
    'http://127.0.0.1:8321.evil.example',
    'null',
    'file://',
    '',
  ])('not the origin %s', (origin) => {
    expect(ask('/worker.js', { origin }).status).toBe(403);
  });

  it('a link on another site, and no script or fetch of it', () => {
    const cross = { 'sec-fetch-site': 'cross-site' };
    expect(ask('/', { ...cross, 'sec-fetch-mode': 'navigate' }).status).toBe(200);
    expect(ask('/playground.js', { ...cross, 'sec-fetch-mode': 'no-cors' }).status).toBe(403);
  });
});

it('sends its headers with every answer, refusals too', () => {
  for (const answer of [
    ask('/'),
    ask('/worker.js'),
    ask('/nothing'),
    ask('/', {}, 'POST'),
    ask('/', { host: 'evil.example' }),
  ]) {
    const policy = String(answer.headers['Content-Security-Policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("worker-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/'unsafe|\*|blob:/);
    expect(answer.headers['X-Content-Type-Options']).toBe('nosniff');
    expect(answer.headers['Referrer-Policy']).toBe('no-referrer');
    expect(answer.headers['Access-Control-Allow-Origin']).toBeUndefined();
    expect(answer.headers['Content-Length']).toBe(answer.body.length);
  }
});
