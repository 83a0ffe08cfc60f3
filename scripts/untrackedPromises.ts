/**
 * Loaded before each test file: keeps Node's test runner from tracking every promise.
 *
 * The runner notes for each promise which test made it, so that an error that nobody awaits can be laid at that test's
 * door. In tests that await much, this costs a third of all their time. Without it such an error still fails the file,
 * with its message, but without the name of its test; and what a suite declares after it awaited is told of outside it.
 */
import asyncHooks, { type HookCallbacks } from 'node:async_hooks';

const { createHook } = asyncHooks;
asyncHooks.createHook = (callbacks: HookCallbacks) => {
  // One hook that hears of an end, and another that hears of promises, as the node's has, make Node follow each promise to its end.
  const untracked = { ...callbacks, trackPromises: false };
  delete untracked.destroy;
  return createHook(untracked);
};
