import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CameraRefused } from './CameraRefused.ts';
import { closeCameras, openCamera, type Cameras } from './openCamera.ts';

/** A camera that counts how often it was turned off, and asks its person. */
function cameraOf(): Cameras & {
  readonly asked: unknown[];
  readonly state: string;
  allow(): void;
} {
  const asking = Promise.withResolvers<MediaStream>();
  let state = 'live';
  const track = { stop: () => (state = 'ended') };
  const asked: unknown[] = [];
  return {
    asked,
    get state() {
      return state;
    },
    allow: () => asking.resolve({ getTracks: () => [track] } as unknown as MediaStream),
    async getUserMedia(wanted) {
      asked.push(wanted);
      return await asking.promise;
    },
  };
}

/** A camera that the browser refuses by an error of a name. */
function refusing(name: string): Cameras {
  return { getUserMedia: async () => await Promise.reject(new DOMException('', name)) };
}

const refusedFor = (why: string) => (error: unknown) =>
  error instanceof CameraRefused && error.why === why;

describe('the camera', () => {
  it('is asked for pictures alone, and goes off by its signal', async () => {
    const [camera, closing] = [cameraOf(), new AbortController()];
    camera.allow();
    await openCamera(closing.signal, camera);
    assert.equal((camera.asked[0] as MediaStreamConstraints).audio, false);
    assert.equal(camera.state, 'live');
    closing.abort();
    assert.equal(camera.state, 'ended');
  });

  // @class a camera that films on after its person left | is turned off also if it was allowed after the lock
  it('goes off at the lock, also if the person allows it only then', async () => {
    const [on, asked] = [cameraOf(), cameraOf()];
    on.allow();
    await openCamera(new AbortController().signal, on);
    const opening = openCamera(new AbortController().signal, asked);
    closeCameras();
    assert.equal(on.state, 'ended');
    asked.allow();
    await assert.rejects(opening, { name: 'AbortError' });
    assert.equal(asked.state, 'ended');
  });

  it('goes off if its screen went while the person was asked, and is not asked for after that', async () => {
    const [camera, closing] = [cameraOf(), new AbortController()];
    const opening = openCamera(closing.signal, camera);
    closing.abort();
    camera.allow();
    await assert.rejects(opening, { name: 'AbortError' });
    assert.equal(camera.state, 'ended');
    await assert.rejects(openCamera(closing.signal, camera), { name: 'AbortError' });
    assert.equal(camera.asked.length, 1);
  });

  it('says why there is no picture: no camera, no permission, or anything else', async () => {
    const { signal } = new AbortController();
    for (const [name, why] of [
      ['NotFoundError', 'no-camera'],
      ['OverconstrainedError', 'no-camera'],
      ['NotAllowedError', 'refused'],
      ['SecurityError', 'refused'],
      ['NotReadableError', 'stopped'],
      ['toString', 'stopped'],
    ] as const) {
      await assert.rejects(openCamera(signal, refusing(name)), refusedFor(why), name);
    }
    const rest = undefined as unknown as Cameras;
    await assert.rejects(openCamera(signal, rest), refusedFor('no-camera'));
  });
});
