import { readFile } from 'node:fs/promises';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { S3Credentials } from '../../vault/s3/S3Credentials.ts';

const NAMES = ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token'] as const;

/**
 * Reads credentials for an S3 server: from a file in the form that its own tools write, or from the environment
 * (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`). No error names any part of them.
 *
 * @param environment - Environment of the process.
 * @param path - The file; its section `[default]` is read, or what stands before any section.
 * @throws MedsealError `CONFIGURATION_INVALID`.
 */
export async function readS3Credentials(
  environment: Readonly<Record<string, string | undefined>>,
  path?: string,
): Promise<S3Credentials> {
  const source = path ?? 'the environment';
  const values =
    path === undefined
      ? new Map(NAMES.map((name) => [name as string, environment[name.toUpperCase()] ?? '']))
      : valuesIn(await read(path));
  const [accessKeyId, secretAccessKey, sessionToken] = NAMES.map((name) => values.get(name) ?? '');
  if (!accessKeyId || !secretAccessKey) {
    throw invalid(source, 'it has no access key for the store, or no secret of one');
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

async function read(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((cause: unknown) => {
    throw invalid(path, 'it cannot be read', cause);
  });
}

function valuesIn(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let section = 'default';
  for (const line of text.split(/\r?\n/)) {
    section = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line)?.[1] ?? section;
    const [, name, value] = /^\s*([a-z_]+)\s*=\s*(\S+)\s*$/.exec(line) ?? [];
    if (section === 'default' && name !== undefined && value !== undefined) values.set(name, value);
  }
  return values;
}

function invalid(source: string, reason: string, cause?: unknown): MedsealError {
  const key = 'vault.credentials';
  return new MedsealError('CONFIGURATION_INVALID', { key, source, reason }, { cause });
}
