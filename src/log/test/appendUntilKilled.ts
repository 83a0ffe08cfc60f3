import { LevelDatabase } from '../../database/LevelDatabase.ts';
import { openSampleLog, sampleEntries } from './sampleLog.ts';

/** A process for a test to kill: it appends to the log at the given path, and says what was acknowledged. */
const log = await openSampleLog(new LevelDatabase(process.argv[2] ?? ''));
for (;;) {
  const acknowledged = await log.append(sampleEntries(7, log.size));
  process.stdout.write(`${(acknowledged.at(-1)?.index ?? 0) + 1}\n`);
}
