import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseCases } from './database.cases.ts';
import { LevelDatabase } from './LevelDatabase.ts';
import type { ServiceDatabase } from './synced.ts';
import { MemoryDatabase } from './test/MemoryDatabase.ts';

const folder = mkdtempSync(join(tmpdir(), 'medseal-level-'));

async function opened<Database extends ServiceDatabase>(database: Database): Promise<Database> {
  await database.open();
  return database;
}

databaseCases({
  name: 'LevelDB',
  open: async () => await opened(new LevelDatabase(folder)),
  folders: () => [folder],
  end: async () => await rm(folder, { recursive: true }),
});

const memory = new MemoryDatabase();

databaseCases({
  name: 'memory',
  open: async () => await opened(memory),
  folders: () => [],
  end: async () => undefined,
});
