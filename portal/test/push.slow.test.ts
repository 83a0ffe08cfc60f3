import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { listTold } from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import me from '../src/words/en/me.json' with { type: 'json' };
import news from '../src/words/en/news.json' with { type: 'json' };
import { openDemoVisitor } from './demoVisitor.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen, untilSettled } from './walkthrough.ts';

/** A folder for pictures of the screens; absent if nobody wants them. */
const SHOTS = process.env['SHOTS'];
/** A push service of the configuration, which nobody calls in these tests. */
const SERVICE = 'http://127.0.0.1:9';

describe('news on a device', { skip: browserMissing }, () => {
  const stage = setStage({ push: { services: [SERVICE] } });

  it('is turned on by the person, said without a name or content, and turned off by the person', async () => {
    const visit = await stage.visit({ serviceWorkers: 'allow', permissions: ['notifications'] });
    const { page } = visit;
    const context = page.context();
    // The maker’s push service stands behind the real one: no test reaches it.
    await page.addInitScript((endpoint) => {
      // A browser without a window says of itself that it shows none, whatever it was granted.
      Object.defineProperty(Notification, 'permission', { get: () => 'granted' });
      let present: object | null = null;
      PushManager.prototype.getSubscription = async () =>
        await Promise.resolve(present as PushSubscription | null);
      PushManager.prototype.subscribe = async (options) => {
        const given = options?.applicationServerKey;
        if (typeof given !== 'string') throw new TypeError('the page gives no key');
        const key = given.replaceAll('-', '+').replaceAll('_', '/');
        const { buffer } = Uint8Array.from(atob(key), (letter) => letter.codePointAt(0) ?? 0);
        const unsubscribe = async (): Promise<boolean> => {
          present = null;
          return await Promise.resolve(true);
        };
        present = { endpoint, options: { ...options, applicationServerKey: buffer }, unsubscribe };
        return await Promise.resolve(present as PushSubscription);
      };
    }, `${SERVICE}/browser`);
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await openScreen(page, me.menu);
    await page.getByText(me['push-lead']).waitFor();
    await page.getByText(/^hospital calls the push service/).waitFor();
    await requireGood(page, 'news on this device, off');
    if (SHOTS !== undefined) {
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.getByRole('button', { name: me['push-on'] }).scrollIntoViewIfNeeded();
        await page.screenshot({ path: join(SHOTS, `push-${width}.png`) });
      }
    }
    const { party } = await openDemoVisitor(stage.url, 'patient');
    assert.deepEqual((await listTold(party)).browsers, []);
    await page.getByRole('button', { name: me['push-on'] }).click();
    await page.getByText(me['push-is-on']).waitFor();
    const { browsers } = await listTold(party);
    assert.deepEqual(
      browsers.map(({ service }) => service),
      ['127.0.0.1:9'],
    );

    const [worker] = context.serviceWorkers();
    assert.ok(worker !== undefined);
    // The same browser cannot show them: a stand-in says what it was asked to show.
    await worker.evaluate(() => {
      const scope = globalThis as unknown as {
        shown: Promise<readonly unknown[]>;
        readonly registration: { showNotification: unknown };
      };
      scope.shown = new Promise((resolve) => {
        scope.registration.showNotification = async (
          title: string,
          { body, tag }: NotificationOptions,
        ): Promise<void> => await Promise.resolve(resolve([title, body, tag]));
      });
    });
    const devtools = await context.newCDPSession(page);
    const registered = new Promise<string>((resolve) => {
      devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [first] = registrations;
        if (first !== undefined) resolve(first.registrationId);
      });
    });
    await devtools.send('ServiceWorker.enable');
    // Even if somebody else could push with content, nothing of it would be shown.
    await devtools.send('ServiceWorker.deliverPushMessage', {
      origin: new URL(stage.url).origin,
      registrationId: await registered,
      data: 'Ana Ferreira: HIV positive',
    });
    const shown = await worker.evaluate(
      async () => await (globalThis as unknown as { shown: Promise<readonly unknown[]> }).shown,
    );
    assert.deepEqual(shown, ['Medseal', news.push, 'news']);
    // Pressed, it shows the portal that is open: a browser lets a page come to the front only for a real press.
    const done = await worker.evaluate(async () => {
      const scope = globalThis as unknown as {
        readonly WindowClient: { readonly prototype: { focus: unknown } };
        readonly ExtendableEvent: new (type: string) => Event;
      };
      return await new Promise<readonly string[]>((resolve) => {
        const steps: string[] = [];
        scope.WindowClient.prototype.focus = async (): Promise<void> => {
          steps.push('focus');
          await Promise.resolve(resolve(steps));
        };
        const notification = { close: () => void steps.push('close') };
        const press = new scope.ExtendableEvent('notificationclick');
        dispatchEvent(Object.assign(press, { notification }));
      });
    });
    assert.deepEqual(done, ['close', 'focus']);

    await page.getByRole('button', { name: me['push-off'] }).click();
    await page.getByRole('button', { name: me['push-on'] }).waitFor();
    assert.deepEqual((await listTold(party)).browsers, []);
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });
});

describe('an organisation that calls no push service', { skip: browserMissing }, () => {
  const stage = setStage();

  it('says so, and asks for nothing', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', 'Dr. Lena Brandt');
    await openScreen(page, me.menu);
    await page.getByText('hospital sends no notifications.').waitFor();
    await untilSettled(page);
    assert.equal(await page.getByRole('button', { name: me['push-on'] }).count(), 0);
    await visit.close();
  });
});
