import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePostgresAddress, showPostgresAddress } from './PostgresAddress.ts';

describe('the address of a database', () => {
  it('names user, host, port, database, and how the server is verified', () => {
    const far = 'postgres://medseal@db.example.org:5433/stores?sslrootcert=/etc/medseal/ca.pem';
    const address = { user: 'medseal', host: 'db.example.org', port: 5433, database: 'stores' };
    assert.deepEqual(parsePostgresAddress(far), {
      ...address,
      tls: true,
      ca: '/etc/medseal/ca.pem',
    });
    const cases = [
      ['postgres://m@db.example.org/s?sslmode=verify-full', 'db.example.org', true],
      ['postgres://m@127.0.0.1/s', '127.0.0.1', false],
      ['postgres://m@localhost/s?sslmode=verify-full', 'localhost', true],
      ['postgres://m@[::1]/s', '::1', false],
      ['postgres://m@/s?host=/run/postgresql', '/run/postgresql', false],
    ] as const;
    for (const [text, host, tls] of cases) {
      const found = parsePostgresAddress(text);
      assert.deepEqual(found, { user: 'm', host, port: 5432, database: 's', tls }, text);
    }
    assert.equal(
      showPostgresAddress(parsePostgresAddress(far)),
      'postgres://db.example.org:5433/stores',
    );
  });

  // @attack the operator’s URL asks for a connection that is not verified | it is refused before a password is sent
  it('is refused without TLS to another machine, with a password, and with what it does not know', () => {
    const cases = [
      ['postgres://m@db.example.org/s?sslmode=disable', /not on this machine/],
      ['postgres://m@db.example.org/s?sslmode=require', /verify-full/],
      ['postgres://m@db.example.org/s?sslmode=prefer', /verify-full/],
      ['postgres://m@127.0.0.1.example.org/s?sslmode=disable', /not on this machine/],
      ['postgres://m@/s?host=db.example.org&sslmode=disable', /not on this machine/],
      ['postgres://m@/s?host=/run/postgresql&sslmode=verify-full', /no TLS/],
      ['postgres://m@/s', /no host/],
      ['postgres://m:secret@db.example.org/s', /must not contain a password/],
      ['postgres://m@db.example.org/s?password=secret', /unknown parameter: password/],
      ['postgres://m@db.example.org/s?options=-cfsync', /unknown parameter: options/],
      ['postgres://db.example.org/s', /like postgres/],
      ['postgres://m@db.example.org/', /like postgres/],
      ['http://m@db.example.org/s', /like postgres/],
      ['', /like postgres/],
    ] as const;
    for (const [text, reason] of cases) {
      assert.throws(() => parsePostgresAddress(text), reason, text);
    }
  });
});
