import { keepNewest } from '../../crypto/keepNewest.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Address, Organisation } from '../../protocol/ids.ts';

/** Answer of a member of the authority to an application: it signed, it waits for its operator, it declined, or none of these. */
export type EnrolmentAnswer = 'approved' | 'waits' | 'declined' | 'unknown';

/** The most parties whose answers are remembered; the oldest go first. */
const MOST = 1000;

/** Memory of what members of the authority last answered to applications that an agent brought to them, for its operator. */
export class EnrolmentAnswers {
  readonly #answers = new Map<Address, Map<Organisation, EnrolmentAnswer>>();

  /**
   * Remembers what a member answers.
   *
   * @param party - The applicant.
   * @param member - The member's organisation.
   * @param answer - Its answer under way, which is passed on.
   */
  async note<Answer>(
    party: Address,
    member: Organisation,
    answer: Promise<Answer>,
  ): Promise<Answer> {
    try {
      const given = await answer;
      this.#set(party, member, 'approved');
      return given;
    } catch (error) {
      const declined = isMedsealError(error, 'APPLICATION_DECLINED') ? 'declined' : 'unknown';
      this.#set(party, member, isMedsealError(error, 'NOT_YET') ? 'waits' : declined);
      throw error;
    }
  }

  /** Returns the last answers to a party's application, by organisation. */
  of(party: Address): ReadonlyMap<Organisation, EnrolmentAnswer> {
    return this.#answers.get(party) ?? new Map();
  }

  #set(party: Address, member: Organisation, answer: EnrolmentAnswer): void {
    const answers = this.#answers.get(party) ?? new Map<Organisation, EnrolmentAnswer>();
    this.#answers.delete(party);
    this.#answers.set(party, answers.set(member, answer));
    keepNewest(this.#answers, MOST);
  }
}
