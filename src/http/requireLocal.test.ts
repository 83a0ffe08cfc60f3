import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Hono } from 'hono';
import { answerProblem } from './answerProblem.ts';
import { requireLocal } from './requireLocal.ts';

const NAME = 'medseal.hospital.example';
const PORTAL = 'https://portal.example';

const app = new Hono();
app.use(requireLocal([PORTAL], [NAME]));
app.onError(answerProblem);
app.all('*', (c) => c.text('in'));

async function statusOf(headers: Record<string, string>): Promise<number> {
  return (await app.request('http://127.0.0.1/', { headers })).status;
}

describe('a page', () => {
  const OWN: readonly (readonly [host: string, origin: string])[] = [
    ['127.0.0.1:8480', 'http://127.0.0.1:8480'],
    ['localhost:8480', 'http://localhost:8480'],
    ['[::1]:8480', 'http://[::1]:8480'],
    ['localhost', 'http://localhost'],
    [NAME, `https://${NAME}`],
    [`${NAME}:8443`, `https://${NAME}:8443`],
    ['localhost:8480', PORTAL],
    [NAME, PORTAL],
  ];
  for (const [host, origin] of OWN) {
    it(`of ${origin} may call ${host}`, async () => {
      assert.equal(await statusOf({ host, origin }), 200);
    });
  }

  const FOREIGN: readonly (readonly [why: string, host: string, origin: string])[] = [
    ['no origin to speak of', 'localhost:8480', 'null'],
    ['an empty one', 'localhost:8480', ''],
    ['another port', 'localhost:8480', 'http://localhost:3000'],
    ['no port', 'localhost:8480', 'http://localhost'],
    ['a port without one of its own', 'localhost', 'http://localhost:80'],
    ['a longer port', 'localhost:8480', 'http://localhost:84800'],
    ['another scheme', 'localhost:8480', 'https://localhost:8480'],
    ['a scheme of its own', 'localhost:8480', 'chrome-extension://localhost:8480'],
    ['no scheme', 'localhost:8480', 'localhost:8480'],
    ['no TLS, of a name that a proxy serves', NAME, `http://${NAME}`],
    ['another port of such a name', NAME, `https://${NAME}:8443`],
    ['upper case', 'localhost:8480', 'http://LOCALHOST:8480'],
    ['a scheme in upper case', 'localhost:8480', 'HTTP://localhost:8480'],
    ['a trailing dot', 'localhost:8480', 'http://localhost.:8480'],
    ['a trailing dot of a name', NAME, `https://${NAME}.`],
    ['a user', 'localhost:8480', 'http://localhost:8480@evil.example'],
    ['a user before the host', 'localhost:8480', 'http://evil@localhost:8480'],
    ['a path', 'localhost:8480', 'http://localhost:8480/'],
    ['two origins', 'localhost:8480', 'http://localhost:8480 http://evil.example'],
    ['two origins with a comma', 'localhost:8480', 'http://localhost:8480, http://evil.example'],
    ['another name of this machine', '127.0.0.1:8480', 'http://localhost:8480'],
    ['its address of IPv6', '127.0.0.1:8480', 'http://[::1]:8480'],
    ['another port of IPv6', '[::1]:8480', 'http://[::1]:3000'],
    ['IPv6 in full', '[::1]:8480', 'http://[0:0:0:0:0:0:0:1]:8480'],
    ['IPv4 in IPv6', '127.0.0.1:8480', 'http://[::ffff:127.0.0.1]:8480'],
    ['an address as a number', '127.0.0.1:8480', 'http://2130706433:8480'],
    ['a name below this machine’s', 'localhost:8480', 'http://evil.localhost:8480'],
    ['a name that begins as it', 'localhost:8480', 'http://localhost.evil.example:8480'],
    ['the named portal on another port', NAME, `${PORTAL}:8443`],
    ['the named portal without TLS', NAME, 'http://portal.example'],
    ['the named portal in upper case', NAME, 'https://PORTAL.example'],
    ['a name below the portal’s', NAME, 'https://evil.portal.example'],
    ['somebody else', NAME, 'https://evil.example'],
  ];
  for (const [why, host, origin] of FOREIGN) {
    // @attack a page of another port of localhost calls the node | refused
    it(`is foreign with ${why}: ${origin} at ${host}`, async () => {
      assert.equal(await statusOf({ host, origin }), 403);
    });
  }
});

describe('a host', () => {
  for (const host of ['127.0.0.1', 'LOCALHOST:8480', '[::1]', NAME, `${NAME.toUpperCase()}:8443`]) {
    it(`is this machine’s as ${host}`, async () => {
      assert.equal(await statusOf({ host }), 200);
    });
  }

  const others = ['', 'evil.example', `evil.${NAME}`, `${NAME}.evil.example`, `${NAME}.`];
  const odd = ['localhost.', '127.0.0.1.', '127.1', '2130706433', '[::ffff:127.0.0.1]', '0.0.0.0'];
  const broken = ['localhost:8480:1', 'localhost:', '[::1', 'localhost, localhost', 'a@localhost'];
  for (const host of [...others, ...odd, ...broken]) {
    it(`is not this machine’s as ${host || 'nothing'}, even for a page of it`, async () => {
      assert.equal(await statusOf({ host }), 403);
      assert.equal(await statusOf({ host, origin: `http://${host}` }), 403);
      assert.equal(await statusOf({ host, origin: `https://${host}` }), 403);
    });
  }
});
