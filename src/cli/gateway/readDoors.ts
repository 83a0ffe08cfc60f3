import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { GatewayConfiguration } from '../../sensors/GatewayConfiguration.ts';
import type { GatewayDoors } from '../../sensors/startSensorGateway.ts';
import { readGivenText } from '../program/readGiven.ts';

/** Files of an end of TLS, by setting. */
interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** A configuration, and where it stands. */
export interface DoorsGiven {
  readonly configuration: GatewayConfiguration;
  /** Folder of its file; paths in it are relative to this one. */
  readonly folder: string;
  /** Name of its file, for messages. */
  readonly source: string;
  /** Name of the session at the broker if the configuration names none. */
  readonly clientId: string;
}

/**
 * Reads the files that a gateway's configuration names, and tries its certificates and keys.
 *
 * @param given - Configuration and folder.
 * @returns The doors to open.
 * @throws MedsealError `CONFIGURATION_INVALID` naming the setting; the error of a file that is not there.
 */
export async function readDoors({
  configuration: { mqtt, http, broker },
  folder,
  source,
  clientId,
}: DoorsGiven): Promise<GatewayDoors> {
  const read = async (path: string): Promise<string> =>
    (await readGivenText(resolve(folder, path))).trimEnd();
  const tlsOf = async (door: 'mqtt' | 'http', files: TlsFiles): Promise<TlsFiles> => {
    const pems: Record<string, string> = {};
    for (const name of ['ca', 'cert', 'key'] as const) {
      const path = files[name];
      if (path !== undefined) pems[name] = await read(path);
    }
    for (const tried of [['ca'], ['cert'], ['cert', 'key']]) {
      if (tried.some((name) => pems[name] === undefined)) continue;
      requireContext(Object.fromEntries(tried.map((name) => [name, pems[name]])), {
        key: `${door}.${tried.at(-1)}`,
        source,
      });
    }
    return pems;
  };
  const doors: { -readonly [Door in keyof GatewayDoors]: GatewayDoors[Door] } = {};
  if (mqtt !== undefined) {
    const { url, version, username, password } = mqtt;
    doors.mqtt = {
      url,
      version: version === 4 ? 4 : 5,
      clientId: mqtt.clientId ?? clientId,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password: await read(password) }),
      ...(await tlsOf('mqtt', mqtt)),
    };
  }
  if (http !== undefined) {
    const { port, host } = http;
    const { cert, key, ca } = await tlsOf('http', http);
    const hasTls = cert !== undefined && key !== undefined;
    doors.http = {
      port,
      ...(host !== undefined && { host }),
      ...(hasTls && { tls: { cert, key, ...(ca !== undefined && { ca }) } }),
    };
  }
  if (broker !== undefined) doors.broker = broker;
  return doors;
}

/** Requires that certificates and keys are such, and fit together. */
function requireContext(
  pems: Readonly<Record<string, string | undefined>>,
  about: { readonly key: string; readonly source: string },
): void {
  const { ca, cert } = pems;
  try {
    // A context passes over an authority that it cannot read.
    const read = [ca, cert].flatMap((pem) => (pem === undefined ? [] : new X509Certificate(pem)));
    if (read.every(({ raw }) => raw.length > 0)) createSecureContext(pems);
  } catch (cause) {
    const reason = 'its file has no certificate or key in PEM, or they do not belong together';
    throw new MedsealError('CONFIGURATION_INVALID', { ...about, reason }, { cause });
  }
}
