import { isPending } from '../../protocol/rights/isPending.ts';
import { answering } from '../Answering.ts';
import { json } from '../Reply.ts';

/** Operations that return evidence. */
export const evidenceAnswers = answering({
  getReceipt: {
    tag: 'Evidence',
    summary: 'Returns the proof that turns the acknowledgement of an entry into a receipt.',
    description:
      'Together with the acknowledgement, which only its receiver has, this is a receipt that can be verified offline. ' +
      'Until a checkpoint that covers the entry stands on the ledger, the answer is 202 and says when to ask again.',
    refuses: ['NOT_FOUND'],
    async answer(agent, { parameters: { channel, organisation, index } }) {
      const answer = await agent.receipt({ log: `${channel}/${organisation}`, index });
      // The first checkpoint that covers an entry stays the first.
      if (!isPending(answer)) return json(answer, { keeping: 'forever' });
      const headers = { 'retry-after': String(Math.ceil(answer.retryAfter / 1000)) };
      return json(answer, { status: 202, headers });
    },
  },
  getCheckpoint: {
    tag: 'Evidence',
    summary: 'Returns the newest checkpoint of a log.',
    refuses: ['NOT_FOUND', 'NOT_YET'],
    async answer(agent, { parameters: { channel, organisation } }) {
      const checkpoint = await agent.checkpoint(`${channel}/${organisation}`);
      return json(checkpoint, { keeping: 'checked' });
    },
  },
  listAudited: {
    tag: 'Evidence',
    summary:
      'Returns entries of a log that an acknowledged audit or chain lists, some hundred at once.',
    description:
      'The ticket is the one that the acknowledged `View` of `audit` or `chain` released. The list is empty after the last entry.',
    refuses: ['NOT_FOUND', 'RELEASE_UNKNOWN'],
    answer: async (agent, { body }) => json(await agent.audit({ from: 0, ...body })),
  },
  listViewedRecords: {
    tag: 'Evidence',
    summary:
      'Returns the record versions that views of several records name, for entries that an acknowledged audit or chain lists.',
    description:
      'The list of a `ViewSet` is not in its body, which says its root and number. Each list is in the order of its leaves, and `left` of the ' +
      'body names places in it. A leaf stands for a version that was erased, or that the view did not get and no organisation knows; ' +
      'in a chain, for each that the view did not get. ' +
      'A list that nobody gives is empty.',
    refuses: ['NOT_FOUND', 'RELEASE_UNKNOWN'],
    answer: async (agent, { body }) => json(await agent.lists(body)),
  },
  listTallies: {
    tag: 'Evidence',
    summary:
      'Returns the coordinators’ tallies for an acknowledged audit or chain, to compare with the entries.',
    refuses: ['NOT_FOUND', 'RELEASE_UNKNOWN'],
    answer: async (agent, { body }) => json(await agent.tallies(body)),
  },
  listReleases: {
    tag: 'Evidence',
    summary:
      'Returns the notes of a coordinator that it released shares for views of an audited chart.',
    description:
      'A coordinator signs a note when it first releases its share of a record’s key for a view. It tells all of the chart since a ' +
      'moment, whether or not a log has the view, at most 256 at once, and signs how many there are.',
    refuses: ['NOT_FOUND', 'RELEASE_UNKNOWN'],
    answer: async (agent, { body }) => json(await agent.releases(body)),
  },
  stateErased: {
    tag: 'Evidence',
    summary:
      'Returns an organisation’s signed statement that it has destroyed what an entry on an audited chart erases.',
    description:
      'It says when the running node had destroyed all of it, and when no backup had it any more: 0 while one may. Versions and their entries ' +
      'are in it by number and root. The answer is 425 while something is still to be destroyed.',
    refuses: ['NOT_FOUND', 'NOT_YET', 'PEER_UNREACHABLE', 'RELEASE_UNKNOWN'],
    answer: async (agent, { body }) => json(await agent.erased(body)),
  },
  releaseShares: {
    tag: 'Evidence',
    summary: 'Returns the shares that coordinators release for acknowledged views of records.',
    description:
      'Records of a channel with a release key open with shares of as many organisations as the quorum for views. The salts of ' +
      'the views commit to the recipient, to which each coordinator seals its shares. Each judges ' +
      'each view again by itself: it signs for those that it releases for, and says in `refused`, unsigned, why not for others. The ' +
      'call is refused if no organisation answers, or if so many refuse all of it that the others are too few.',
    refuses: ['LOG_CLOSED', 'NOT_FOUND', 'RELEASE_PENDING', 'RIGHT_ENDED', 'RIGHT_MISSING'],
    answer: async (agent, { body }) => json(await agent.release(body)),
  },
});
