import type { BatchAnswer } from '../gateway/Intake.ts';
import type { SensorGateway } from '../gateway/SensorGateway.ts';

/** Has a gateway take a message, and throws the reason if it does not. */
export async function taken(
  gateway: Pick<SensorGateway, 'take'>,
  bytes: Uint8Array,
  from?: string,
): Promise<BatchAnswer> {
  const answer = await gateway.take({ bytes, ...(from !== undefined && { from }) });
  if (answer.error) throw answer.error;
  return answer;
}
