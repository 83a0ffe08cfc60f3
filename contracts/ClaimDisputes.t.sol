// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimDecision, ClaimRequest} from "./ClaimTypes.sol";
import {Suspension} from "./RequestTypes.sol";
import {IClaims} from "./interfaces/IClaims.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {Claiming} from "./test/Claiming.t.sol";

/// Claims after they were decided: refunds, disputes, judgements, and what is taken back.
contract ClaimDisputesTest is Claiming {
    // Refunds

    function test_a_payee_gives_back_a_part_and_no_more_than_it_was_paid() public {
        approved(bill(), BILL);
        refused(refund(bill(), hospital, BILL + 1, HOSPITAL_KEY), IClaims.AmountExceeded.selector);
        refused(refund(bill(), hospital, 1, CLAIMANT_KEY), IRefusals.SignatureInvalid.selector);
        refused(refund(bill(), claimant, 1, CLAIMANT_KEY), IClaims.PayeeInvalid.selector);
        taken(refund(bill(), hospital, 4_000, HOSPITAL_KEY));
        same(standing(bill()).paid, 6_000);
        same(settlement.balanceOf(insurer), FUNDS - 6_000);
    }

    function test_an_account_that_nobody_enrolled_gives_back_with_its_own_key() public {
        ClaimRequest memory request = bill();
        request.other = vm.addr(ACCOUNT_KEY);
        claimed(request);
        ClaimDecision memory split = decision(request, APPROVE, 1);
        split.otherAmount = 10;
        taken(decide(request, split, INSURER_KEY));
        refused(refund(request, request.other, 10, STRANGER_KEY), IRefusals.SignatureInvalid.selector);
        taken(refund(request, request.other, 10, ACCOUNT_KEY));
        same(standing(request).otherPaid, 0);
    }

    // Disputes

    function test_an_unsafe_judgement_takes_the_payment_back() public {
        approved(bill(), BILL);
        taken(dispute(bill(), insurer, INSURER_KEY));
        taken(judge(bill(), VERIFIER_KEY, false));
        inState(bill(), IClaims.ClaimState.Reversed);
        same(settlement.balanceOf(hospital), 0);
        same(settlement.balanceOf(insurer), FUNDS);
        refused(judge(bill(), VERIFIER_KEY, true), IClaims.StateUnfit.selector);
    }

    function test_what_a_payee_spent_stays_its_debt_until_it_is_collected() public {
        approved(bill(), BILL);
        taken(redeem(HOSPITAL_KEY, 7_000));
        taken(dispute(bill(), insurer, INSURER_KEY));
        taken(judge(bill(), VERIFIER_KEY, false));
        same(standing(bill()).paid, 7_000);
        same(settlement.accountOf(hospital).debt, 7_000);
        refused(collect(bill()), ISettlement.FundsMissing.selector);
        approved(bill(2), 5_000);
        refused(redeem(HOSPITAL_KEY, 1), ISettlement.DebtOpen.selector);
        taken(collect(bill()));
        same(standing(bill()).paid, 2_000);
        same(settlement.balanceOf(hospital), 0);
        approved(bill(3), 5_000);
        taken(collect(bill()));
        same(settlement.accountOf(hospital).debt, 0);
        taken(redeem(HOSPITAL_KEY, 3_000));
        refused(collect(bill()), ISettlement.FundsMissing.selector);
    }

    function test_a_safe_judgement_leaves_what_the_insurer_disputed_as_it_was() public {
        approved(bill(), BILL);
        taken(dispute(bill(), insurer, INSURER_KEY));
        taken(judge(bill(), VERIFIER_KEY, true));
        inState(bill(), IClaims.ClaimState.Approved);
        refused(dispute(bill(), insurer, INSURER_KEY), IClaims.DisputantInvalid.selector);
    }

    function test_a_safe_judgement_opens_what_the_claimant_disputed() public {
        claimed(bill());
        taken(deny(bill()));
        taken(dispute(bill(), claimant, CLAIMANT_KEY));
        taken(judge(bill(), VERIFIER_KEY, true));
        inState(bill(), IClaims.ClaimState.Open);
        taken(deny(bill()));
        refused(dispute(bill(), claimant, CLAIMANT_KEY), IClaims.DisputantInvalid.selector);
    }

    function test_a_claim_opened_again_is_paid_up_to_its_rest() public {
        approved(bill(), 6_000);
        taken(dispute(bill(), claimant, CLAIMANT_KEY));
        taken(judge(bill(), VERIFIER_KEY, true));
        refused(approve(bill(), 4_001), IClaims.AmountExceeded.selector);
        taken(deny(bill()));
        inState(bill(), IClaims.ClaimState.Approved);
        same(standing(bill()).paid, 6_000);
    }

    function test_a_claim_opened_again_and_withdrawn_keeps_what_was_paid() public {
        approved(bill(), 6_000);
        taken(dispute(bill(), claimant, CLAIMANT_KEY));
        taken(judge(bill(), VERIFIER_KEY, true));
        taken(withdraw(bill(), CLAIMANT_KEY));
        inState(bill(), IClaims.ClaimState.Approved);
        taken(refund(bill(), hospital, 6_000, HOSPITAL_KEY));
    }

    function test_a_verifier_that_judges_its_own_organisations_claim_is_refused() public {
        address ofHospital = enrolled(0x701, VERIFIER, "hospital");
        address ofInsurer = enrolled(0x702, VERIFIER, "insurer");
        bytes4 reason = IClaims.VerifierInvalid.selector;
        approved(bill(), BILL);
        refused(dispute(bill(), insurer, INSURER_KEY, ofHospital), reason);
        refused(dispute(bill(), insurer, INSURER_KEY, ofInsurer), reason);
        refused(dispute(bill(), claimant, CLAIMANT_KEY, ofHospital), reason);
        refused(dispute(bill(), insurer, INSURER_KEY, doctor), reason);
        refused(dispute(bill(), insurer, INSURER_KEY, vm.addr(STRANGER_KEY)), reason);
        refused(dispute(bill(), insurer, INSURER_KEY, address(0)), reason);
        taken(dispute(bill(), insurer, INSURER_KEY));
        refused(judge(bill(), 0x701, true), reason);
        refused(judge(bill(), 0x702, false), reason);
        refused(judge(bill(), CLAIMANT_KEY, true), reason);
        refused(judge(bill(), STRANGER_KEY, true), reason);
        inState(bill(), IClaims.ClaimState.Disputed);
    }

    function test_a_dispute_that_too_few_coordinators_checked_is_refused() public {
        approved(bill(), BILL);
        uint16 step = next(bill());
        uint256[] memory one_ = pick(coordinatorKeys, 0);
        refused(
            dispute(bill(), claimant, CLAIMANT_KEY, verifier, step, one_),
            IRefusals.QuorumMissing.selector
        );
        uint256[] memory others = quorum(authorityKeys);
        refused(
            dispute(bill(), insurer, INSURER_KEY, verifier, step, others),
            IRefusals.SeatMissing.selector
        );
        taken(dispute(bill(), claimant, CLAIMANT_KEY));
    }

    function test_a_dispute_is_judged_by_the_verifier_that_it_names_and_by_no_other_of_a_third_organisation()
        public
    {
        address chosen = enrolled(0x703, VERIFIER, "another laboratory");
        approved(bill(), BILL);
        taken(dispute(bill(), insurer, INSURER_KEY, chosen));
        refused(judge(bill(), VERIFIER_KEY, true), IClaims.VerifierInvalid.selector);
        refused(judge(bill(), VERIFIER_KEY, false), IClaims.VerifierInvalid.selector);
        taken(judge(bill(), 0x703, true));
    }

    function test_a_judgement_in_the_name_of_the_chosen_verifier_needs_its_signature() public {
        approved(bill(), BILL);
        taken(dispute(bill(), insurer, INSURER_KEY));
        refused(judge(bill(), verifier, OTHER_DOCTOR_KEY, false), IRefusals.SignatureInvalid.selector);
        refused(judge(bill(), verifier, INSURER_KEY, false), IRefusals.SignatureInvalid.selector);
    }

    function test_a_verifier_of_an_earlier_dispute_does_not_judge_the_next_one() public {
        address chosen = enrolled(0x703, VERIFIER, "another laboratory");
        approved(bill(), BILL);
        taken(dispute(bill(), insurer, INSURER_KEY));
        taken(judge(bill(), VERIFIER_KEY, true));
        taken(dispute(bill(), claimant, CLAIMANT_KEY, chosen));
        refused(judge(bill(), VERIFIER_KEY, false), IClaims.VerifierInvalid.selector);
        taken(judge(bill(), 0x703, true));
    }

    function test_a_suspended_verifier_judges_nothing_and_nothing_is_judged_that_is_not_disputed() public {
        approved(bill(), BILL);
        refused(judge(bill(), VERIFIER_KEY, false), IClaims.StateUnfit.selector);
        taken(dispute(bill(), insurer, INSURER_KEY));
        taken(suspend(Suspension(verifier, true, 1, LATER), quorum(authorityKeys)));
        refused(judge(bill(), VERIFIER_KEY, false), IRefusals.PartyIsSuspended.selector);
        approved(bill(2), BILL);
        refused(dispute(bill(2), insurer, INSURER_KEY), IRefusals.PartyIsSuspended.selector);
    }

    function test_nobody_but_the_two_sides_disputes_and_only_in_the_term() public {
        claimed(bill());
        refused(dispute(bill(), claimant, CLAIMANT_KEY), IClaims.StateUnfit.selector);
        taken(deny(bill()));
        refused(dispute(bill(), otherDoctor, OTHER_DOCTOR_KEY), IClaims.DisputantInvalid.selector);
        refused(dispute(bill(), claimant, OTHER_DOCTOR_KEY), IRefusals.SignatureInvalid.selector);
        vm.warp(NOW + TERM + 1);
        refused(dispute(bill(), claimant, CLAIMANT_KEY), IClaims.TermLapsed.selector);
    }

    function test_nothing_is_collected_of_a_claim_that_was_not_reversed() public {
        approved(bill(), BILL);
        refused(collect(bill()), IClaims.StateUnfit.selector);
        refused(collect(bill(2)), IClaims.StateUnfit.selector);
    }

    function test_a_payees_refunds_of_one_unit_do_not_keep_a_dispute_away() public {
        approved(bill(), BILL);
        uint16 signedFor = next(bill());
        taken(refund(bill(), hospital, 1, HOSPITAL_KEY));
        taken(refund(bill(), hospital, 1, HOSPITAL_KEY));
        taken(dispute(bill(), insurer, INSURER_KEY, verifier, signedFor));
        same(standing(bill()).step, signedFor + 2);
        taken(judge(bill(), VERIFIER_KEY, false));
        same(standing(bill()).paid, 0);
        same(settlement.balanceOf(insurer), FUNDS);
    }

    function test_a_dispute_names_no_step_ahead_and_is_taken_once() public {
        approved(bill(), BILL);
        uint16 step = next(bill());
        refused(dispute(bill(), insurer, INSURER_KEY, verifier, step + 1), IClaims.StepUnexpected.selector);
        refused(dispute(bill(), insurer, INSURER_KEY, verifier, 0), IClaims.StepUnexpected.selector);
        taken(dispute(bill(), insurer, INSURER_KEY, verifier, step));
        taken(judge(bill(), VERIFIER_KEY, true));
        refused(dispute(bill(), insurer, INSURER_KEY, verifier, step), IClaims.DisputantInvalid.selector);
    }

    function test_a_verifier_of_a_payees_organisation_does_not_judge() public {
        address ofPayee = enrolled(0x701, VERIFIER, "clinic");
        address clinic = enrolled(0x702, AGENT, "clinic");
        ClaimRequest memory request = bill();
        request.payee = clinic;
        claimed(request);
        taken(approve(request, BILL));
        refused(dispute(request, claimant, CLAIMANT_KEY, ofPayee), IClaims.VerifierInvalid.selector);
        request = bill(2);
        request.other = clinic;
        claimed(request);
        taken(approve(request, BILL));
        refused(dispute(request, claimant, CLAIMANT_KEY, ofPayee), IClaims.VerifierInvalid.selector);
    }

    function test_a_debtor_pays_no_claim_before_its_debt_is_collected() public {
        ClaimRequest memory first = bill();
        first.payee = otherInsurer;
        claimed(first);
        taken(approve(first, BILL));
        taken(redeem(OTHER_INSURER_KEY, FUNDS + BILL));
        taken(dispute(first, insurer, INSURER_KEY));
        taken(judge(first, VERIFIER_KEY, false));
        same(settlement.accountOf(otherInsurer).debt, BILL);
        taken(issue(otherInsurer, BILL));
        ClaimRequest memory second = bill(2);
        second.insurer = otherInsurer;
        claimed(second);
        ClaimDecision memory yes = decision(second, APPROVE, BILL);
        refused(decide(second, yes, OTHER_INSURER_KEY), ISettlement.DebtOpen.selector);
        taken(collect(first));
        taken(issue(otherInsurer, BILL));
        taken(decide(second, yes, OTHER_INSURER_KEY));
    }
}
