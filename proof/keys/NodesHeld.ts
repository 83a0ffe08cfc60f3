import { collectBytes } from '../../src/crypto/sealing/collectBytes.ts';
import { streamBytes } from '../../src/crypto/sealing/streamBytes.ts';
import type { AgentPort, DepositedPacket, Submission } from '../../src/protocol/AgentPort.ts';
import type { Acknowledgement, Base64, Outcome } from '../../src/protocol/evidence/evidence.ts';
import type { Bytes32, LogName } from '../../src/protocol/ids.ts';
import { parseBody } from '../../src/protocol/evidence/parseBody.ts';
import type { Grant, View, ViewSet, Write } from '../../src/protocol/struct/requests.ts';

/** A write that was acknowledged. */
export interface HeldWrite {
  readonly write: Write;
  readonly at: number;
}

/** A right that nodes were given, and the newest epoch of the packets that came along; 0 without any. */
export interface HeldGrant {
  readonly grant: Grant;
  readonly epoch: number;
}

/** Everything that clients ever gave to nodes and got from them, even if the client died before it heard of it. */
export class NodesHeld {
  /** Sealed files by their hash. */
  readonly files = new Map<Bytes32, Uint8Array>();
  /** All else that is sealed: packets, and states of patients' devices. */
  readonly sealed: Base64[] = [];
  /** Views that were acknowledged, of one record or of several, and so may have released something. */
  readonly views: { readonly view: View | ViewSet; readonly acknowledgement: Acknowledgement }[] =
    [];
  /** Grants that an agent withheld from the ledger, oldest first. */
  readonly withheld: Submission[] = [];
  /** Action of a lying agent on a grant, in place of the right one. */
  withhold: ((submission: Submission) => Promise<void>) | undefined;
  /** Logs that have writes since this was emptied last. */
  readonly written = new Set<LogName>();
  /** Values given out that no acknowledged view had released. */
  readonly unseen: string[] = [];
  readonly #tickets = new Set<string>();
  #grants: HeldGrant[] = [];
  #writes: HeldWrite[] = [];

  /** Rights and writes that came since this was asked last. */
  take(): { readonly grants: readonly HeldGrant[]; readonly writes: readonly HeldWrite[] } {
    const taken = { grants: this.#grants, writes: this.#writes };
    [this.#grants, this.#writes] = [[], []];
    return taken;
  }

  /** The same agent, of which everything is noted. */
  watch(agent: AgentPort): AgentPort {
    const watched: Partial<AgentPort> = {
      submit: async (submissions) => {
        for (const submission of submissions) this.#submitted(submission);
        const [first] = submissions;
        if (first?.request.type === 'Grant') await this.withhold?.(first);
        const outcomes = await agent.submit(submissions);
        for (const outcome of outcomes) this.#answered(outcome);
        return outcomes;
      },
      keep: async (deposit) => {
        this.sealed.push(deposit.state, ...deposit.packets.map(({ packet }) => packet));
        return await agent.keep(deposit);
      },
      upload: async (request, content) => {
        const bytes = await collectBytes(content);
        this.files.set(request.message.file, bytes);
        await agent.upload(request, streamBytes(bytes));
      },
      download: (ticket, hash, range) => {
        if (!this.#tickets.has(ticket)) this.unseen.push(`the file ${hash} by ${ticket}`);
        return agent.download(ticket, hash, range);
      },
    };
    return new Proxy(agent, {
      get: (target, name) => {
        const member: unknown = Reflect.get(watched, name) ?? Reflect.get(target, name);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }

  #submitted({ request, packets = [] }: Submission): void {
    this.sealed.push(...packets.map(({ packet }) => packet));
    if (request.type !== 'Grant') return;
    this.#grants.push({ grant: request.message as Grant, epoch: newest(packets) });
  }

  #answered(outcome: Outcome): void {
    if (outcome.outcome !== 'acknowledged') return;
    const { acknowledgement, release } = outcome;
    const { at, request } = parseBody(acknowledgement.body);
    if (request.type === 'Write') {
      this.#writes.push({ write: request.message as Write, at });
      this.written.add(acknowledgement.log);
    } else {
      this.views.push({ view: request.message as View | ViewSet, acknowledgement });
    }
    if (release?.ticket !== undefined) this.#tickets.add(release.ticket);
    for (const file of release?.files ?? []) if ('ticket' in file) this.#tickets.add(file.ticket);
  }
}

function newest(packets: readonly DepositedPacket[]): number {
  return Math.max(0, ...packets.map(({ epoch }) => epoch));
}
