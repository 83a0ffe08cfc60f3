import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOSTILE, OBEYED } from '../../errors/test/hostile.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createLogger, type LoggerOptions } from './createLogger.ts';
import { failureFields } from './failureFields.ts';

function logged(
  options: Partial<LoggerOptions>,
  run: (log: ReturnType<typeof createLogger>) => void,
): string[] {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  run(createLogger({ level: 'info', format: 'json', write, ...options }));
  return lines;
}

/** One event of each level. */
function all(log: ReturnType<typeof createLogger>): void {
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
}

/** The events of all levels that a log of this level holds. */
function events(level: LoggerOptions['level']): unknown[] {
  return logged({ level }, all).map((line) => (JSON.parse(line) as { event: string }).event);
}

describe('the log of a node', () => {
  it('is one line of JSON for each event: time, level, name, fields', () => {
    const lines = logged({}, (log) => log.warn('request', { status: 503, route: '/v1/network' }));
    assert.equal(lines.length, 1);
    assert.ok(lines[0]?.endsWith('\n'));
    const { time, ...rest } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(rest, { level: 'warn', event: 'request', status: 503, route: '/v1/network' });
  });

  it('holds everything from its level on', () => {
    assert.deepEqual(events('trace'), ['a', 'b', 'c', 'd']);
    assert.deepEqual(events('warn'), ['c', 'd']);
    assert.deepEqual(events('silent'), []);
  });

  // @attack the same text in a node's log | control characters are escaped
  it('holds nothing that a terminal obeys, whoever wrote it', () => {
    for (const format of ['json', 'pretty'] as const) {
      const lines = logged({ format }, (log) => log.warn('failed', { fault: HOSTILE }));
      assert.equal(lines.length, 1);
      assert.doesNotMatch(lines[0] ?? '', OBEYED);
      assert.match(lines[0] ?? '', /^[^\n]+\n$/);
      if (format === 'pretty') continue;
      const { fault } = JSON.parse(lines[0] ?? '') as { fault: string };
      assert.equal(fault.toWellFormed(), HOSTILE.toWellFormed());
    }
  });

  it('is for people if it is set so', () => {
    const [line = ''] = logged({ format: 'pretty' }, (log) =>
      log.info('ready', { entries: 4, what: 'a "b"' }),
    );
    assert.match(line, /^\d\d:\d\d:\d\d\.\d{3} INFO {2}ready {2}entries=4 {2}what="a \\"b\\""\n$/);
  });
});

describe('what is logged of a failure', () => {
  it('is its code, and nothing of its values', () => {
    const error = new MedsealError('FOLDER_UNWRITABLE', { path: '/home/anna' });
    assert.deepEqual(failureFields(error), { code: 'FOLDER_UNWRITABLE', retry: false });
  });

  it('is, of what went wrong inside, the kind and the place, and nothing of the text', () => {
    const cause = Object.assign(new RangeError('Anna Example, born 1970'), { code: 'ENOSPC' });
    for (const error of [cause, new MedsealError('INTERNAL', {}, { cause })]) {
      const fields = failureFields(error);
      assert.equal(fields['cause'], 'RangeError');
      assert.equal(fields['causeCode'], 'ENOSPC');
      assert.match(String(fields['stack']), /^at .*createLogger\.test\.ts/);
      assert.doesNotMatch(JSON.stringify(fields), /Anna|1970/);
    }
    assert.deepEqual(failureFields('Anna'), { code: 'INTERNAL', retry: true });
    const odd = Object.assign(new Error('x'), { code: 'Anna Example' });
    assert.equal(failureFields(odd)['causeCode'], undefined);
  });
});
