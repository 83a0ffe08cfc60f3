import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allowsPush, PUBLIC_PUSH_SERVICES, PUSH_SERVICE } from './pushServices.ts';

const LIST = [...PUBLIC_PUSH_SERVICES, 'http://127.0.0.1:8999'];

describe('the push services that a node calls', () => {
  for (const endpoint of [
    'https://fcm.googleapis.com/fcm/send/abc:APA91b',
    'https://updates.push.services.mozilla.com/wpush/v2/gAAA',
    'https://web.push.apple.com/QGuQ',
    'https://wns2-par02p.notify.windows.com/w/?token=BQY',
    'http://127.0.0.1:8999/one',
  ]) {
    it(`are those of the list: ${endpoint}`, () => {
      assert.ok(allowsPush(LIST, endpoint));
      assert.ok(!allowsPush([], endpoint));
    });
  }

  // @attack a party names an address inside the hospital as its browser’s, so that the node calls it | only push services of the list are called, by TLS at its usual port
  it('are no others, however an address is written', () => {
    for (const endpoint of [
      'https://hospital.example/admin',
      'https://127.0.0.1/',
      'https://[::1]/',
      'https://10.0.0.1/',
      'https://0x7f.1/',
      'http://fcm.googleapis.com/fcm/send/abc',
      'https://fcm.googleapis.com:8443/fcm/send/abc',
      'https://fcm.googleapis.com:443/fcm/send/abc',
      'https://fcm.googleapis.com./fcm/send/abc',
      'https://fcm.googleapis.com.hospital.example/',
      'https://evilfcm.googleapis.com/',
      'https://notify.windows.com/',
      'https://evilnotify.windows.com/',
      'https://user@fcm.googleapis.com/',
      'https://fcm.googleapis.com@hospital.example/',
      'https://hospital.example#@fcm.googleapis.com/',
      'https://hospital.example\\@fcm.googleapis.com/',
      'https://FCM.googleapis.com/',
      'https://fcm.googleapis.com/a/../b',
      'http://127.0.0.1:8998/one',
      'http://127.0.0.1:8999@hospital.example/',
      'http://localhost:8999/one',
      'file:///etc/passwd',
      'ftp://fcm.googleapis.com/',
      '//fcm.googleapis.com/',
      '',
      `https://fcm.googleapis.com/${'a'.repeat(1024)}`,
    ]) {
      assert.ok(!allowsPush(LIST, endpoint), endpoint.slice(0, 60));
    }
  });

  it('can be configured by host, by all hosts under a name, and on this machine without TLS', () => {
    const pattern = new RegExp(PUSH_SERVICE, 'u');
    for (const service of LIST) assert.match(service, pattern);
    for (const service of [
      '*',
      '*.com.',
      'https://push.example',
      'http://push.example:80',
      '10.0.0.1',
      '',
    ]) {
      assert.doesNotMatch(service, pattern);
    }
  });
});
