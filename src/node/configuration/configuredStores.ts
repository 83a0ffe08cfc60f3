import { storeOpener, type OpenStore, type StorePorts } from '../../vault/storeOpener.ts';
import type { StoreSettings } from '../../vault/StoreSettings.ts';
import { readS3Credentials } from './readS3Credentials.ts';

/**
 * Reads the settings of a node's stores, with their credentials if they need any.
 *
 * @param settings - The settings.
 * @param ports - Clock, hash and random bytes.
 * @throws MedsealError `CONFIGURATION_INVALID`.
 */
export async function configuredStores(
  settings: StoreSettings,
  ports: StorePorts,
): Promise<OpenStore> {
  const credentials = async () => await readS3Credentials(process.env, settings.credentials);
  return await storeOpener(settings, ports, credentials);
}
