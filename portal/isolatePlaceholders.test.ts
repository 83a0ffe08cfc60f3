import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setupI18n } from '@lingui/core';
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import { isolatePlaceholders } from './isolatePlaceholders.ts';

/** A message with its values, with brackets in place of marks that nobody sees. */
function said(message: string, values: Readonly<Record<string, string | number>>): string {
  const compiled = isolatePlaceholders(compileMessageOrThrow(message));
  const messages = { ar: { m: compiled } };
  return setupI18n({ locale: 'ar', locales: 'ar-u-nu-latn', messages })
    ._('m', values)
    .replaceAll('\u2066', '<')
    .replaceAll('\u2068', '[')
    .replaceAll('\u2069', ']');
}

describe('the placeholders of a message that is written from right to left', () => {
  for (const [message, shown] of [
    ['من {who} حتى {day}', 'من [Dr. B.] حتى [2026-03-14]'],
    ['{who}', '[Dr. B.]'],
    ['كلمات', 'كلمات'],
    ['{own, select, yes {منك} other {من {who}}}', 'من [Dr. B.]'],
    ['{n, plural, zero {} one {} two {} few {# من {who}} many {} other {}}', '3 من [Dr. B.]'],
    ['صرف \u2068{n} {unit}\u2069 لـ {who}', 'صرف [3 mg] لـ [Dr. B.]'],
    ['\u2066{n} – {n} {unit}\u2069', '<3 – 3 mg]'],
    ['{n, number} من {unit}', '[3] من [mg]'],
  ] as const) {
    it(`keep their own direction, those between marks together: ${message.replaceAll(/[\u2066-\u2069]/g, '')}`, () => {
      const values = { who: 'Dr. B.', day: '2026-03-14', own: 'no', n: 3, unit: 'mg' };
      assert.equal(said(message, values), shown);
    });
  }
});
