import { parentPort } from 'node:worker_threads';

/** A thread that fails with the first job that it is given. */
parentPort?.on('message', () => {
  throw new Error('a thread of a test that fails');
});
