import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePostgresAddress, showPostgresAddress } from './PostgresAddress.ts';

describe('the address of a database', () => {
  it('names user, host, port, database, and how the server is verified', () => {
    const far = 'postgres://medseal@db.example.org:5433/stores?sslrootcert=/etc/medseal/ca.pem';
    const servers = [{ host: 'db.example.org', port: 5433 }];
    const address = { user: 'medseal', servers, database: 'stores' };
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
      const here = [{ host, port: 5432 }];
      assert.deepEqual(found, { user: 'm', servers: here, database: 's', tls }, text);
    }
    assert.equal(
      showPostgresAddress(parsePostgresAddress(far)),
      'postgres://db.example.org:5433/stores',
    );
  });

  it('names several servers of a cluster, each with its port', () => {
    const cases = [
      ['postgres://m@a.example.org:5433,b.example.org/s', 'a.example.org:5433,b.example.org:5432'],
      ['postgres://m@[::1]:80,127.0.0.1/s', '[::1]:80,127.0.0.1:5432'],
      ['postgres://m@/s?host=/run/a,/run/b', '/run/a:5432,/run/b:5432'],
    ] as const;
    for (const [text, shown] of cases) {
      assert.equal(showPostgresAddress(parsePostgresAddress(text)), `postgres://${shown}/s`);
    }
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
      ['postgres://m@127.0.0.1,db.example.org/s?sslmode=disable', /not on this machine/],
      [
        'postgres://m@/s?host=/run/postgresql,db.example.org&sslmode=disable',
        /not on this machine/,
      ],
      ['postgres://m@/s?host=/run/postgresql,db.example.org', /no TLS/],
      ['postgres://m@a.example.org,,b.example.org/s', /host that cannot be read/],
      ['postgres://m@a.example.org:99999/s', /host that cannot be read/],
      ['postgres://m@a,b,c,d,e,f,g,h,i/s', /more than 8/],
      ['postgres://m@127.0.0.1,127.0.0.1:5432/s', /a server twice/],
      ['postgres://m@a,b/s?host=/run/postgresql', /a server twice/],
      ['postgres://m@/s', /no host/],
      ['postgres://m@/s?host=,', /no host/],
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
