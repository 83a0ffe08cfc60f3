import assert from 'node:assert/strict';
import { it } from 'node:test';
import { requireAnswerShape } from './requireAnswerShape.ts';

it('an answer for programs fits the shape of its verb, or is a failure', async () => {
  const args = ['contact', 'remove', 'anna', '--json'];
  await requireAnswerShape(args, '{"ok":true,"alias":"anna","removed":true}\n');
  await requireAnswerShape(args, '{"ok":false,"error":{"code":"INTERNAL"}}\n');
  await requireAnswerShape(args.slice(0, -1), 'The contact anna was removed.\n');
  for (const [printed, message] of [
    ['{"ok":true,"alias":"anna"}', /^contact remove has no removed$/],
    [
      '{"ok":true,"alias":"anna","removed":true,"card":""}',
      /^contact remove has an unknown field$/,
    ],
  ] as const) {
    await assert.rejects(requireAnswerShape(args, printed), (error: Error) => {
      return error instanceof assert.AssertionError && message.test(String(error.actual));
    });
  }
});
