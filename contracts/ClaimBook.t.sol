// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimDecision, ClaimRequest} from "./ClaimTypes.sol";
import {IClaims} from "./interfaces/IClaims.sol";
import {Claiming} from "./test/Claiming.t.sol";

/// Claims whose term is over: nobody who stays away keeps a treatment from being claimed.
contract ClaimTermsTest is Claiming {
    /// The same treatment's bill, at the other insurer.
    function next() private view returns (ClaimRequest memory request) {
        request = bill();
        (request.insurer, request.follows) = (otherInsurer, digestOf(bill()));
    }

    // @attack a claimant is asked for more and stays away, so that nobody else claims | after the term anybody closes the claim
    function test_a_claim_asked_about_whose_claimant_stays_away_is_closed_by_anybody_after_its_term() public {
        claimed(bill());
        taken(ask(bill()));
        refused(lapse(bill()), IClaims.TermRuns.selector);
        refused(submit(next(), CLAIMANT_KEY), IClaims.TreatmentClaimed.selector);
        vm.warp(NOW + TERM);
        refused(lapse(bill()), IClaims.TermRuns.selector);
        vm.warp(NOW + TERM + 1);
        vm.prank(vm.addr(STRANGER_KEY));
        taken(lapse(bill()));
        inState(bill(), IClaims.ClaimState.Lapsed);
        refused(lapse(bill()), IClaims.StateUnfit.selector);
        taken(submit(next(), CLAIMANT_KEY));
        taken(approve(next(), BILL));
    }

    // @attack an insurer never answers | after the term another insurer is asked
    function test_a_claim_that_its_insurer_never_answers_is_followed_at_another_one_once_its_term_is_ended()
        public
    {
        claimed(bill());
        vm.warp(NOW + TERM + 1);
        refused(submit(next(), CLAIMANT_KEY), IClaims.TreatmentClaimed.selector);
        taken(lapse(bill()));
        taken(submit(next(), CLAIMANT_KEY));
        inState(bill(), IClaims.ClaimState.Lapsed);
        same(claims.newestOf(TREATMENT), digestOf(next()));
        refused(approve(bill(), BILL), IClaims.StateUnfit.selector);
        taken(approve(next(), BILL));
        ended(next());
        same(settlement.balanceOf(hospital), BILL);
    }

    // @attack a payee has an approved amount before the term ends, or somebody ends the term early | it is held by the contract; refused
    function test_what_is_approved_is_paid_by_anybody_and_not_a_second_before_its_term_is_over() public {
        approved(bill(), BILL);
        same(settlement.balanceOf(address(claims)), BILL);
        vm.warp(NOW + TERM);
        refused(lapse(bill()), IClaims.TermRuns.selector);
        same(settlement.balanceOf(hospital), 0);
        vm.warp(NOW + TERM + 1);
        vm.prank(vm.addr(STRANGER_KEY));
        taken(lapse(bill()));
        inState(bill(), IClaims.ClaimState.Paid);
        same(settlement.balanceOf(hospital), BILL);
        same(settlement.balanceOf(address(claims)), 0);
        refused(lapse(bill()), IClaims.StateUnfit.selector);
        same(settlement.balanceOf(hospital), BILL);
    }

    // @attack somebody ends the term with a claim that names another payee | the digest finds no claim
    function test_an_altered_claim_moves_no_money_of_another() public {
        approved(bill(), BILL);
        afterTerm(bill());
        ClaimRequest memory altered = bill();
        altered.payee = vm.addr(ACCOUNT_KEY);
        refused(lapse(altered), IClaims.StateUnfit.selector);
        same(settlement.balanceOf(address(claims)), BILL);
    }

    function test_a_decision_after_the_term_changes_nothing() public {
        claimed(bill());
        vm.warp(NOW + TERM + 1);
        refused(approve(bill(), BILL), IClaims.TermLapsed.selector);
        refused(deny(bill()), IClaims.TermLapsed.selector);
        refused(ask(bill()), IClaims.TermLapsed.selector);
        inState(bill(), IClaims.ClaimState.Open);
        same(settlement.balanceOf(hospital), 0);
    }

    // @attack an insurer decides about a claim that is closed | refused; nothing changes
    function test_an_insurer_that_looks_after_its_claim_closed_decides_nothing() public {
        claimed(bill(1));
        taken(withdraw(bill(1), CLAIMANT_KEY));
        claimed(bill(2));
        approved(bill(3), BILL);
        vm.warp(NOW + TERM + 1);
        taken(lapse(bill(2)));
        taken(lapse(bill(3)));
        for (uint256 number = 1; number < 4; ++number) {
            bytes32 before = keccak256(abi.encode(standing(bill(number))));
            refused(approve(bill(number), 1), IClaims.StateUnfit.selector);
            refused(deny(bill(number)), IClaims.StateUnfit.selector);
            refused(ask(bill(number)), IClaims.StateUnfit.selector);
            so(keccak256(abi.encode(standing(bill(number)))) == before, "changed");
        }
        same(settlement.balanceOf(hospital), BILL);
    }

    function test_an_answer_after_the_term_is_refused_and_the_claimant_may_still_withdraw() public {
        claimed(bill());
        taken(ask(bill()));
        vm.warp(NOW + TERM + 1);
        refused(supplement(bill(), CLAIMANT_KEY, quorum(coordinatorKeys)), IClaims.TermLapsed.selector);
        taken(withdraw(bill(), CLAIMANT_KEY));
        inState(bill(), IClaims.ClaimState.Withdrawn);
    }

    function test_a_decision_or_an_answer_in_the_last_second_of_the_term_counts() public {
        claimed(bill());
        vm.warp(NOW + TERM);
        taken(ask(bill()));
        vm.warp(NOW + 2 * TERM);
        taken(supplement(bill(), CLAIMANT_KEY, quorum(coordinatorKeys)));
        vm.warp(NOW + 3 * TERM);
        taken(approve(bill(), BILL));
    }

    function test_a_question_in_advance_lapses_like_a_claim() public {
        claimed(question());
        vm.warp(NOW + TERM + 1);
        ClaimDecision memory late = decision(question(), APPROVE, BILL);
        late.until = uint64(block.timestamp) + 1;
        refused(decide(question(), late, INSURER_KEY), IClaims.TermLapsed.selector);
        taken(lapse(question()));
        inState(question(), IClaims.ClaimState.Lapsed);
    }

    function test_a_claim_opened_again_that_lapses_pays_what_was_held() public {
        approved(bill(), 6_000);
        drawn(bill());
        taken(judge(bill(), VERIFIER_KEY, true));
        ended(bill());
        inState(bill(), IClaims.ClaimState.Open);
        ended(bill());
        inState(bill(), IClaims.ClaimState.Paid);
        same(settlement.balanceOf(hospital), 6_000);
        ClaimRequest memory request = next();
        refused(submit(request, CLAIMANT_KEY), IClaims.AmountExceeded.selector);
        request.amount = 4_000;
        taken(submit(request, CLAIMANT_KEY));
    }

    // @attack a disputed claim is left without a judgement for ever | anybody may end the dispute after its term
    function test_a_dispute_that_nobody_judges_ends_as_it_was_decided() public {
        approved(bill(), BILL);
        drawn(bill());
        refused(lapse(bill()), IClaims.TermRuns.selector);
        afterTerm(bill());
        refused(judge(bill(), VERIFIER_KEY, false), IClaims.TermLapsed.selector);
        taken(lapse(bill()));
        inState(bill(), IClaims.ClaimState.Paid);
        same(settlement.balanceOf(hospital), BILL);
        claimed(bill(2));
        taken(deny(bill(2)));
        taken(disputedByClaimant(bill(2)));
        taken(openLot(bill(2), INSURER_LOT));
        ended(bill(2));
        inState(bill(2), IClaims.ClaimState.Denied);
    }

    // @attack a side keeps its lot to itself once it sees whom it would draw | it loses the dispute
    function test_whoever_does_not_open_its_lot_in_the_term_loses_the_dispute() public {
        approved(bill(), BILL);
        taken(disputedByInsurer(bill()));
        refused(lapse(bill()), IClaims.TermRuns.selector);
        afterTerm(bill());
        refused(openLot(bill(), LOT), IClaims.TermLapsed.selector);
        taken(lapse(bill()));
        inState(bill(), IClaims.ClaimState.Reversed);
        same(settlement.balanceOf(insurer), FUNDS);
        same(standing(bill()).approved, 0);
        claimed(bill(2));
        taken(deny(bill(2)));
        taken(disputedByClaimant(bill(2)));
        ended(bill(2));
        inState(bill(2), IClaims.ClaimState.Open);
        approved(bill(3), BILL);
        taken(disputedByClaimant(bill(3)));
        ended(bill(3));
        inState(bill(3), IClaims.ClaimState.Paid);
    }

    function test_a_claim_does_not_follow_one_whose_dispute_is_not_ended() public {
        claimed(bill());
        taken(deny(bill()));
        taken(disputedByClaimant(bill()));
        refused(submit(next(), CLAIMANT_KEY), IClaims.TreatmentClaimed.selector);
        taken(openLot(bill(), INSURER_LOT));
        refused(submit(next(), CLAIMANT_KEY), IClaims.TreatmentClaimed.selector);
        taken(judge(bill(), VERIFIER_KEY, false));
        refused(submit(next(), CLAIMANT_KEY), IClaims.TreatmentClaimed.selector);
        ended(bill());
        taken(submit(next(), CLAIMANT_KEY));
    }

    function test_nothing_lapses_that_nobody_made_or_that_waits_for_nobody() public {
        bytes4 reason = IClaims.StateUnfit.selector;
        refused(lapse(bill()), reason);
        claimed(bill(2));
        taken(deny(bill(2)));
        claimed(question());
        taken(authorise(question(), BILL, LATER));
        vm.warp(uint256(LATER) + 1);
        refused(lapse(bill(2)), reason);
        refused(lapse(question()), reason);
    }
}
