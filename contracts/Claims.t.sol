// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimDecision, ClaimJudgement, ClaimRequest, DisputeClaim, WithdrawClaim} from "./ClaimTypes.sol";
import {Suspension} from "./RequestTypes.sol";
import {IClaims} from "./interfaces/IClaims.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {Claiming} from "./test/Claiming.t.sol";

/// Claims: who makes and decides them, and what becomes of each.
contract ClaimsTest is Claiming {
    // Claiming

    function test_a_claim_signed_by_its_claimant_stands_open_with_its_term() public {
        bytes32 digest = claimed(bill());
        IClaims.Standing memory known = claims.claimOf(digest);
        inState(bill(), IClaims.ClaimState.Open);
        same(known.before, 0);
        same(known.due, NOW + TERM);
        same(known.approved, 0);
        same(known.step, 0);
        same(claims.newestOf(TREATMENT), digest);
    }

    function test_a_claim_is_made_once() public {
        claimed(bill());
        refused(submit(bill(), CLAIMANT_KEY), IClaims.ClaimKnown.selector);
        taken(withdraw(bill(), CLAIMANT_KEY));
        refused(submit(bill(), CLAIMANT_KEY), IClaims.ClaimKnown.selector);
    }

    function test_a_claim_after_its_deadline_is_refused() public {
        ClaimRequest memory request = bill();
        request.deadline = NOW - 1;
        refused(submit(request, CLAIMANT_KEY), IRefusals.DeadlinePassed.selector);
    }

    function test_a_claim_signed_by_another_is_refused(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != CLAIMANT_KEY);
        refused(submit(bill(), key), IRefusals.SignatureInvalid.selector);
    }

    function test_a_claim_that_too_few_coordinators_checked_is_refused() public {
        bytes memory signed = signature(CLAIMANT_KEY, texts.hash(bill()));
        refused(submit(bill(), signed, new uint256[](0)), IRefusals.QuorumMissing.selector);
        refused(submit(bill(), signed, pick(coordinatorKeys, 1)), IRefusals.QuorumMissing.selector);
        refused(submit(bill(), signed, quorum(authorityKeys)), IRefusals.SeatMissing.selector);
    }

    // @attack a claim goes with the check of another one | coordinators sign one digest
    function test_a_check_of_another_claim_is_not_one_of_this() public {
        ClaimRequest memory request = bill();
        bytes memory signed = signature(CLAIMANT_KEY, texts.hash(request));
        bytes[] memory checks = checksOf(digestOf(bill(2)), quorum(coordinatorKeys));
        vm.recordLogs();
        claims.submit(one(request), one(signed), one(checks));
        refused(outcome(), IRefusals.SeatMissing.selector);
    }

    // @actor anybody who reads blocks | finds the doctor who is paid beside the patient who claims
    function test_a_claim_with_the_account_of_somebody_who_treats_or_is_treated_is_refused(
        uint8 role
    ) public {
        role = uint8(within(role, 2, 5));
        address person = enrolled(STRANGER_KEY, role, "hospital");
        bytes4 reason = IClaims.AccountTells.selector;
        address[2] memory persons = [person, patient];
        for (uint256 i; i < persons.length; ++i) {
            ClaimRequest memory request = bill();
            request.claimant = persons[i];
            refused(submit(request, i == 0 ? STRANGER_KEY : PATIENT_KEY), reason);
            request = bill();
            request.payee = persons[i];
            refused(submit(request, CLAIMANT_KEY), reason);
        }
    }

    function test_a_claim_pays_an_account_that_nobody_enrolled() public {
        ClaimRequest memory request = bill();
        request.payee = claimant;
        paid(request);
        same(settlement.balanceOf(claimant), BILL);
    }

    function test_a_claim_at_nobody_or_at_a_suspended_insurer_is_refused() public {
        ClaimRequest memory request = bill();
        request.insurer = vm.addr(STRANGER_KEY);
        refused(submit(request, CLAIMANT_KEY), IClaims.InsurerInvalid.selector);
        taken(suspend(Suspension(insurer, true, 1, LATER), quorum(authorityKeys)));
        refused(submit(bill(), CLAIMANT_KEY), IClaims.InsurerInvalid.selector);
    }

    function test_a_claim_of_nothing_to_nobody_to_its_insurer_or_to_the_contract_is_refused() public {
        bytes4 reason = IClaims.ClaimInvalid.selector;
        ClaimRequest memory request = bill();
        request.amount = 0;
        refused(submit(request, CLAIMANT_KEY), reason);
        request = bill();
        request.payee = address(0);
        refused(submit(request, CLAIMANT_KEY), reason);
        request = bill();
        request.payee = insurer;
        refused(submit(request, CLAIMANT_KEY), reason);
        request = bill();
        request.payee = address(claims);
        refused(submit(request, CLAIMANT_KEY), reason);
        request = question();
        request.authorisation = keccak256("another");
        refused(submit(request, CLAIMANT_KEY), reason);
    }

    function test_one_bad_claim_of_a_batch_fails_alone() public {
        ClaimRequest[] memory requests = new ClaimRequest[](2);
        bytes[] memory signed = new bytes[](2);
        bytes[][] memory checks = new bytes[][](2);
        (requests[0], requests[1]) = (bill(1), bill(2));
        requests[0].amount = 0;
        for (uint256 i; i < 2; ++i) {
            signed[i] = signature(CLAIMANT_KEY, texts.hash(requests[i]));
            checks[i] = checksOf(digestOf(requests[i]), quorum(coordinatorKeys));
        }
        vm.recordLogs();
        claims.submit(requests, signed, checks);
        bytes4[] memory reasons = outcomes(2);
        refused(reasons[0], IClaims.ClaimInvalid.selector);
        taken(reasons[1]);
    }

    function test_a_batch_with_a_signature_too_few_is_reverted() public {
        ClaimRequest[] memory requests = one(bill());
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        claims.submit(requests, new bytes[](0), new bytes[][](1));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        claims.submit(requests, new bytes[](1), new bytes[][](0));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        claims.decide(requests, new ClaimDecision[](0), new bytes[](1));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        claims.withdraw(requests, new WithdrawClaim[](1), new bytes[](0));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        claims.dispute(new ClaimRequest[](0), new DisputeClaim[](1), new bytes[](1), new bytes[][](1));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        claims.judge(requests, new ClaimJudgement[](1), new bytes[](1), new bytes[][](0));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        claims.openLots(requests, new bytes32[](0));
    }

    // Deciding

    function test_what_is_approved_is_held_and_not_the_payees_yet() public {
        approved(bill(), BILL);
        inState(bill(), IClaims.ClaimState.Approved);
        same(settlement.balanceOf(hospital), 0);
        same(settlement.balanceOf(address(claims)), BILL);
        same(settlement.balanceOf(insurer), FUNDS - BILL);
        refused(redeem(HOSPITAL_KEY, 1), ISettlement.FundsMissing.selector);
    }

    function test_an_insurer_approves_a_part() public {
        approved(bill(), BILL - 1);
        same(standing(bill()).approved, BILL - 1);
        same(settlement.balanceOf(address(claims)), BILL - 1);
    }

    function test_no_more_is_approved_than_was_claimed() public {
        claimed(bill());
        refused(approve(bill(), BILL + 1), IClaims.AmountExceeded.selector);
        same(settlement.balanceOf(address(claims)), 0);
    }

    function test_a_claim_is_decided_by_its_insurer_alone() public {
        claimed(bill());
        ClaimDecision memory request = decision(bill(), APPROVE, BILL);
        refused(decide(bill(), request, OTHER_INSURER_KEY), IRefusals.SignatureInvalid.selector);
        refused(decide(bill(), request, CLAIMANT_KEY), IRefusals.SignatureInvalid.selector);
        taken(suspend(Suspension(insurer, true, 1, LATER), quorum(authorityKeys)));
        refused(decide(bill(), request, INSURER_KEY), IRefusals.PartyIsSuspended.selector);
    }

    function test_a_party_that_is_not_an_insurer_decides_nothing() public {
        ClaimRequest memory request = bill();
        request.insurer = otherDoctor;
        claimed(request);
        refused(
            decide(request, decision(request, APPROVE, BILL), OTHER_DOCTOR_KEY),
            IClaims.InsurerInvalid.selector
        );
    }

    function test_an_insurer_without_funds_approves_nothing() public {
        ClaimRequest memory request = bill();
        (request.amount, request.total) = (FUNDS + 1, FUNDS + 1);
        claimed(request);
        refused(approve(request, FUNDS + 1), ISettlement.FundsMissing.selector);
        inState(request, IClaims.ClaimState.Open);
    }

    function test_a_decision_of_no_outcome_or_with_amounts_that_it_does_not_have_is_refused(
        uint8 which
    ) public {
        claimed(bill());
        bytes4 reason = IClaims.OutcomeInvalid.selector;
        if (which == 0 || which > 3) refused(decide(bill(), decision(bill(), which, 0), INSURER_KEY), reason);
        refused(decide(bill(), decision(bill(), APPROVE, 0), INSURER_KEY), reason);
        refused(decide(bill(), decision(bill(), DENY, 1), INSURER_KEY), reason);
        refused(decide(bill(), decision(bill(), ASK, 1), INSURER_KEY), reason);
        ClaimDecision memory dated = decision(bill(), APPROVE, BILL);
        dated.until = LATER;
        refused(decide(bill(), dated, INSURER_KEY), reason);
    }

    function test_a_decision_after_its_deadline_is_refused() public {
        claimed(bill());
        ClaimDecision memory request = decision(bill(), APPROVE, BILL);
        vm.warp(NOW + 1);
        refused(decide(bill(), request, INSURER_KEY), IRefusals.DeadlinePassed.selector);
    }

    function test_a_claim_that_nobody_made_is_not_decided() public {
        refused(approve(bill(), BILL), IClaims.ClaimUnknown.selector);
    }

    function test_an_insurer_that_asks_for_more_decides_after_the_answer() public {
        claimed(bill());
        taken(ask(bill()));
        inState(bill(), IClaims.ClaimState.Asked);
        refused(approve(bill(), BILL), IClaims.StateUnfit.selector);
        vm.warp(NOW + 5);
        taken(supplement(bill(), CLAIMANT_KEY, quorum(coordinatorKeys)));
        same(standing(bill()).due, NOW + 5 + TERM);
        taken(approve(bill(), BILL));
    }

    function test_an_answer_is_the_claimants_and_is_checked_by_coordinators() public {
        claimed(bill());
        refused(supplement(bill(), CLAIMANT_KEY, quorum(coordinatorKeys)), IClaims.StateUnfit.selector);
        taken(ask(bill()));
        refused(
            supplement(bill(), OTHER_DOCTOR_KEY, quorum(coordinatorKeys)),
            IRefusals.SignatureInvalid.selector
        );
        refused(supplement(bill(), CLAIMANT_KEY, pick(coordinatorKeys, 0)), IRefusals.QuorumMissing.selector);
    }

    function test_a_claim_is_taken_back_by_its_claimant_while_it_is_not_decided() public {
        claimed(bill());
        refused(withdraw(bill(), OTHER_DOCTOR_KEY), IRefusals.SignatureInvalid.selector);
        taken(withdraw(bill(), CLAIMANT_KEY));
        refused(approve(bill(), BILL), IClaims.StateUnfit.selector);
        approved(bill(2), BILL);
        refused(withdraw(bill(2), CLAIMANT_KEY), IClaims.StateUnfit.selector);
    }

    // Attacks and races

    // @attack a bill is altered after the insurer approved it | its digest is another claim, and the treatment has one
    function test_a_bill_altered_after_approval_is_another_claim_and_is_not_paid() public {
        bytes32 digest = approved(bill(), BILL);
        ClaimRequest memory altered = bill();
        altered.termsHash = keccak256("another bill");
        ClaimDecision memory request = decision(bill(), APPROVE, 1);
        (request.claim, request.step) = (digest, 2);
        refused(decide(altered, request, INSURER_KEY), IClaims.ClaimUnknown.selector);
        refused(submit(altered, CLAIMANT_KEY), IClaims.TreatmentClaimed.selector);
        altered.follows = digest;
        refused(submit(altered, CLAIMANT_KEY), IClaims.AmountExceeded.selector);
        same(settlement.balanceOf(address(claims)), BILL);
    }

    // @attack a payment is sent to the ledger again | the decision names a step that was taken
    function test_payment_replayed_is_refused() public {
        claimed(bill());
        ClaimDecision memory request = decision(bill(), APPROVE, BILL / 2);
        taken(decide(bill(), request, INSURER_KEY));
        refused(decide(bill(), request, INSURER_KEY), IClaims.StepUnexpected.selector);
        request.step = 2;
        refused(decide(bill(), request, INSURER_KEY), IClaims.StateUnfit.selector);
        same(settlement.balanceOf(address(claims)), BILL / 2);
    }

    // @attack one treatment is claimed at two insurers | the second is refused, or asks for the rest
    function test_a_claim_doubled_at_two_insurers_is_refused() public {
        claimed(bill());
        ClaimRequest memory doubled = bill();
        doubled.insurer = otherInsurer;
        refused(submit(doubled, CLAIMANT_KEY), IClaims.TreatmentClaimed.selector);
        doubled.follows = digestOf(bill());
        refused(submit(doubled, CLAIMANT_KEY), IClaims.TreatmentClaimed.selector);
        taken(approve(bill(), BILL));
        refused(submit(doubled, CLAIMANT_KEY), IClaims.AmountExceeded.selector);
        doubled.follows = 0;
        refused(submit(doubled, CLAIMANT_KEY), IClaims.TreatmentClaimed.selector);
    }

    // @attack two claims for one treatment come in one batch | one is taken
    function test_a_claim_doubled_in_one_batch_is_taken_once() public {
        ClaimRequest[] memory requests = new ClaimRequest[](2);
        bytes[] memory signed = new bytes[](2);
        bytes[][] memory checks = new bytes[][](2);
        (requests[0], requests[1]) = (bill(), bill());
        requests[1].insurer = otherInsurer;
        for (uint256 i; i < 2; ++i) {
            signed[i] = signature(CLAIMANT_KEY, texts.hash(requests[i]));
            checks[i] = checksOf(digestOf(requests[i]), quorum(coordinatorKeys));
        }
        vm.recordLogs();
        claims.submit(requests, signed, checks);
        bytes4[] memory reasons = outcomes(2);
        taken(reasons[0]);
        refused(reasons[1], IClaims.TreatmentClaimed.selector);
    }

    // The bill

    // @attack a first claim of one unit is to keep the rest of the bill from being claimed | coordinators vouch for the bill’s total, which is the cap
    function test_a_first_claim_of_one_unit_leaves_its_treatment_the_rest_of_the_bill() public {
        ClaimRequest memory small = bill();
        small.amount = 1;
        bytes32 digest = approved(small, 1);
        ClaimRequest memory large = bill();
        (large.follows, large.amount) = (digest, BILL);
        refused(submit(large, CLAIMANT_KEY), IClaims.AmountExceeded.selector);
        large.amount = BILL - 1;
        taken(submit(large, CLAIMANT_KEY));
        same(standing(large).before, 1);
        taken(approve(large, BILL - 1));
        same(settlement.balanceOf(address(claims)), BILL);
    }

    function test_no_claim_is_over_its_bill() public {
        ClaimRequest memory request = bill();
        request.total = BILL - 1;
        refused(submit(request, CLAIMANT_KEY), IClaims.AmountExceeded.selector);
        request.total = 0;
        refused(submit(request, CLAIMANT_KEY), IClaims.AmountExceeded.selector);
        request = question();
        request.total = BILL - 1;
        refused(submit(request, CLAIMANT_KEY), IClaims.AmountExceeded.selector);
    }

    // @attack a claim names a greater total than its bill has | coordinators vouch for the digest with the total
    function test_a_total_that_coordinators_did_not_check_is_refused() public {
        ClaimRequest memory request = bill();
        (request.amount, request.total) = (2 * BILL, 2 * BILL);
        bytes memory signed = signature(CLAIMANT_KEY, texts.hash(request));
        bytes[] memory checks = checksOf(digestOf(bill()), quorum(coordinatorKeys));
        vm.recordLogs();
        claims.submit(one(request), one(signed), one(checks));
        refused(outcome(), IRefusals.SeatMissing.selector);
    }

    function test_claims_of_a_row_are_paid_no_more_than_the_bill_whatever_each_asked_for(
        uint48 first
    ) public {
        ClaimRequest memory request = bill();
        request.amount = uint48(within(first, 1, BILL - 1));
        bytes32 digest = approved(request, request.amount);
        ClaimRequest memory second = rest(BILL - request.amount + 1);
        second.follows = digest;
        refused(submit(second, CLAIMANT_KEY), IClaims.AmountExceeded.selector);
        second.amount -= 1;
        taken(submit(second, CLAIMANT_KEY));
        taken(approve(second, second.amount));
        ClaimRequest memory third = bill();
        (third.amount, third.follows) = (1, digestOf(second));
        refused(submit(third, CLAIMANT_KEY), IClaims.AmountExceeded.selector);
        same(settlement.balanceOf(address(claims)), BILL);
    }

    function test_a_bill_that_was_corrected_counts_with_what_was_paid_before() public {
        bytes32 digest = approved(bill(), BILL);
        ClaimRequest memory request = bill();
        (request.follows, request.total, request.amount) = (digest, BILL + 500, 501);
        refused(submit(request, CLAIMANT_KEY), IClaims.AmountExceeded.selector);
        request.amount = 500;
        taken(submit(request, CLAIMANT_KEY));
        request.follows = digestOf(request);
        (request.total, request.amount) = (BILL - 1, 1);
        refused(submit(request, CLAIMANT_KEY), IClaims.TreatmentClaimed.selector);
    }

    // Coordination of benefits

    function rest(uint48 amount) private view returns (ClaimRequest memory request) {
        request = bill();
        (request.insurer, request.amount) = (otherInsurer, amount);
        request.follows = digestOf(bill());
    }

    function test_a_second_insurer_is_asked_for_the_rest_and_for_no_more() public {
        approved(bill(), 6_000);
        refused(submit(rest(4_001), CLAIMANT_KEY), IClaims.AmountExceeded.selector);
        taken(submit(rest(4_000), CLAIMANT_KEY));
        taken(approve(rest(4_000), 4_000));
        same(settlement.balanceOf(address(claims)), BILL);
    }

    function test_a_second_insurer_is_asked_for_all_that_the_first_denied() public {
        claimed(bill());
        taken(deny(bill()));
        inState(bill(), IClaims.ClaimState.Denied);
        taken(submit(rest(BILL), CLAIMANT_KEY));
    }

    function test_a_first_claim_is_not_opened_again_once_a_second_follows_it() public {
        approved(bill(), 6_000);
        taken(submit(rest(4_000), CLAIMANT_KEY));
        taken(disputedByClaimant(bill()));
        taken(openLot(bill(), INSURER_LOT));
        taken(judge(bill(), VERIFIER_KEY, true));
        ended(bill());
        inState(bill(), IClaims.ClaimState.Paid);
        refused(approve(bill(), 4_000), IClaims.StateUnfit.selector);
    }

    function test_a_claim_does_not_follow_one_that_is_disputed() public {
        approved(bill(), 6_000);
        taken(disputedByInsurer(bill()));
        refused(submit(rest(4_000), CLAIMANT_KEY), IClaims.TreatmentClaimed.selector);
    }

    // Authorisations in advance

    function test_an_authorisation_pays_nothing_and_lets_one_claim_name_it() public {
        bytes32 ahead = claimed(question());
        taken(authorise(question(), 8_000, NOW + 90 days));
        same(settlement.balanceOf(hospital), 0);
        ClaimRequest memory request = bill();
        (request.authorisation, request.amount) = (ahead, 8_001);
        refused(submit(request, CLAIMANT_KEY), IClaims.AuthorisationInvalid.selector);
        request.amount = 8_000;
        taken(submit(request, CLAIMANT_KEY));
        inState(question(), IClaims.ClaimState.Used);
        request.treatment = keccak256("another treatment");
        refused(submit(request, CLAIMANT_KEY), IClaims.AuthorisationInvalid.selector);
    }

    function test_an_authorisation_is_good_for_its_insurer_and_its_time() public {
        bytes32 ahead = claimed(question());
        ClaimRequest memory request = bill();
        request.authorisation = ahead;
        refused(submit(request, CLAIMANT_KEY), IClaims.AuthorisationInvalid.selector);
        taken(authorise(question(), BILL, NOW + 90 days));
        request.insurer = otherInsurer;
        refused(submit(request, CLAIMANT_KEY), IClaims.AuthorisationInvalid.selector);
        request.insurer = insurer;
        vm.warp(NOW + 90 days + 1);
        refused(submit(request, CLAIMANT_KEY), IClaims.AuthorisationInvalid.selector);
    }

    function test_an_authorisation_is_used_from_another_account_of_its_claimant() public {
        bytes32 ahead = claimed(question());
        taken(authorise(question(), BILL, NOW + 90 days));
        ClaimRequest memory request = bill();
        (request.authorisation, request.claimant) = (ahead, vm.addr(STRANGER_KEY));
        taken(submit(request, STRANGER_KEY));
        inState(question(), IClaims.ClaimState.Used);
    }

    function test_an_authorisation_without_an_end_is_refused_and_so_is_its_dispute() public {
        claimed(question());
        refused(approve(question(), BILL), IClaims.OutcomeInvalid.selector);
        taken(authorise(question(), BILL, NOW + 1));
        refused(disputedByClaimant(question()), IClaims.StateUnfit.selector);
    }

    function test_a_claim_that_was_approved_is_not_an_authorisation() public {
        ClaimRequest memory request = bill();
        request.authorisation = approved(bill(2), BILL);
        refused(submit(request, CLAIMANT_KEY), IClaims.AuthorisationInvalid.selector);
    }
}
