import { connectAsync } from 'mqtt';
import type { BrokerAddress } from '../../src/sensors/transport/connectMqtt.ts';

/**
 * Has a broker forget the session of a gateway that will not come back, and the messages that wait in it.
 *
 * @param address - The broker, and the session's name.
 */
export async function forgetSession({
  url,
  clientId,
}: Pick<BrokerAddress, 'url' | 'clientId'>): Promise<void> {
  const client = await connectAsync(url, { clientId, clean: true, protocolVersion: 4 }, false);
  await client.endAsync();
}
