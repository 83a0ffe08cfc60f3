// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    CancelPrescription,
    DispenseRequest,
    PrescriptionCheck,
    PrescriptionRequest
} from "./PrescriptionTypes.sol";
import {Suspension} from "./RequestTypes.sol";
import {IPrescriptions} from "./interfaces/IPrescriptions.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {Prescribing} from "./test/Prescribing.t.sol";

/// Prescriptions: who makes and ends them, and how much of each is dispensed.
contract PrescriptionsTest is Prescribing {
    function suspendDoctor() private {
        taken(suspend(Suspension(doctor, true, 1, uint64(block.timestamp)), quorum(authorityKeys)));
    }

    // Prescribing

    function test_a_prescription_signed_by_its_prescriber_stands_as_it_was_signed() public {
        bytes32 digest = prescribed(monthly());
        IPrescriptions.Standing memory known = prescriptions.prescriptionOf(digest);
        so(known.state == IPrescriptions.PrescriptionState.Active, "state");
        same(known.prescriber, doctor);
        same(known.holder, vm.addr(HOLDER_KEY));
        same(known.slip, vm.addr(SLIP_KEY));
        same(known.amount, AMOUNT);
        same(known.fills, FILLS);
        same(known.interval, 28);
        same(known.from, NOW);
        same(known.until, NOW + 100 days);
        same(known.dispensed, 0);
        same(known.step, 0);
    }

    function test_a_prescription_is_made_once() public {
        prescribed(prescription());
        refused(prescribe(prescription(), DOCTOR_KEY), IPrescriptions.PrescriptionKnown.selector);
    }

    function test_a_prescription_that_ended_is_not_made_again() public {
        bytes32 digest = prescribed(prescription());
        taken(cancel(digest, DOCTOR_KEY));
        refused(prescribe(prescription(), DOCTOR_KEY), IPrescriptions.PrescriptionKnown.selector);
    }

    function test_a_prescription_after_its_deadline_is_refused() public {
        PrescriptionRequest memory request = prescription();
        vm.warp(LATER + 1);
        refused(prescribe(request, DOCTOR_KEY), IRefusals.DeadlinePassed.selector);
    }

    function test_a_prescription_signed_by_another_is_refused(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != DOCTOR_KEY);
        refused(prescribe(prescription(), key), IRefusals.SignatureInvalid.selector);
    }

    function test_a_prescription_that_was_altered_is_refused() public {
        bytes memory signed = signature(DOCTOR_KEY, texts.hash(prescription()));
        PrescriptionRequest memory altered = prescription();
        altered.fills = 4;
        refused(prescribe(altered, signed, ""), IRefusals.SignatureInvalid.selector);
        altered = prescription();
        altered.holder = vm.addr(STRANGER_KEY);
        refused(prescribe(altered, signed, ""), IRefusals.SignatureInvalid.selector);
        altered = prescription();
        altered.termsHash = keccak256("other terms");
        refused(prescribe(altered, signed, ""), IRefusals.SignatureInvalid.selector);
    }

    function test_a_patient_or_a_stranger_prescribes_nothing() public {
        PrescriptionRequest memory request = prescription();
        request.prescriber = patient;
        refused(prescribe(request, PATIENT_KEY), IPrescriptions.PrescriberInvalid.selector);
        request.prescriber = vm.addr(STRANGER_KEY);
        refused(prescribe(request, STRANGER_KEY), IPrescriptions.PrescriberInvalid.selector);
    }

    function test_no_other_role_than_a_doctor_prescribes(uint8 role) public {
        role = uint8(within(role, 3, LAST_ROLE));
        address other = vm.addr(STRANGER_KEY);
        taken(enrol(enrolment(other, role, 0), quorum(authorityKeys)));
        PrescriptionRequest memory request = prescription();
        request.prescriber = other;
        refused(prescribe(request, STRANGER_KEY), IPrescriptions.PrescriberInvalid.selector);
    }

    function test_a_suspended_doctor_prescribes_nothing() public {
        suspendDoctor();
        refused(prescribe(prescription(), DOCTOR_KEY), IRefusals.PartyIsSuspended.selector);
    }

    function test_a_prescription_of_nothing_for_nobody_or_for_no_time_is_refused() public {
        bytes4 reason = IPrescriptions.PrescriptionInvalid.selector;
        PrescriptionRequest memory request = prescription();
        request.amount = 0;
        refused(prescribe(request, DOCTOR_KEY), reason);
        request = prescription();
        request.fills = 0;
        refused(prescribe(request, DOCTOR_KEY), reason);
        request = prescription();
        request.holder = address(0);
        refused(prescribe(request, DOCTOR_KEY), reason);
        request = prescription();
        request.slip = address(0);
        refused(prescribe(request, DOCTOR_KEY), reason);
        request = prescription();
        request.slip = request.holder;
        refused(prescribe(request, DOCTOR_KEY), reason);
        request = prescription();
        request.until = request.from;
        refused(prescribe(request, DOCTOR_KEY), reason);
        request = prescription();
        (request.from, request.until) = (NOW - 2 days, NOW);
        refused(prescribe(request, DOCTOR_KEY), reason);
    }

    function test_a_prescription_of_more_than_a_word_counts_is_refused() public {
        PrescriptionRequest memory request = prescription();
        (request.amount, request.fills) = (type(uint24).max, 2);
        refused(prescribe(request, DOCTOR_KEY), IPrescriptions.PrescriptionInvalid.selector);
        request = prescription();
        (request.from, request.until) = (1 << 40, (1 << 40) + 1);
        refused(prescribe(request, DOCTOR_KEY), IPrescriptions.PrescriptionInvalid.selector);
        request = prescription();
        request.until = request.from + (1 << 32);
        refused(prescribe(request, DOCTOR_KEY), IPrescriptions.PrescriptionInvalid.selector);
    }

    function test_one_bad_prescription_of_a_batch_fails_alone() public {
        PrescriptionRequest[] memory requests = new PrescriptionRequest[](2);
        bytes[2][] memory signed = new bytes[2][](2);
        (requests[0], requests[1]) = (monthly(), prescription());
        requests[0].amount = 0;
        signed[0][0] = signature(DOCTOR_KEY, texts.hash(requests[0]));
        signed[1][0] = signature(DOCTOR_KEY, texts.hash(requests[1]));
        bytes32[] memory orders = new bytes32[](2);
        bytes[][] memory checks = new bytes[][](2);
        for (uint256 i; i < 2; ++i) {
            orders[i] = orderOf(requests[i]);
            checks[i] = checksOf(digestOf(requests[i]), orders[i]);
        }
        vm.recordLogs();
        prescriptions.prescribe(requests, signed, orders, checks);
        bytes4[] memory reasons = outcomes(2);
        refused(reasons[0], IPrescriptions.PrescriptionInvalid.selector);
        taken(reasons[1]);
    }

    function test_a_batch_with_a_signature_too_few_is_reverted() public {
        PrescriptionRequest[] memory requests = new PrescriptionRequest[](1);
        requests[0] = prescription();
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        prescriptions.prescribe(requests, new bytes[2][](0), new bytes32[](1), new bytes[][](1));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        prescriptions.prescribe(requests, new bytes[2][](1), new bytes32[](0), new bytes[][](1));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        prescriptions.prescribe(requests, new bytes[2][](1), new bytes32[](1), new bytes[][](0));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        prescriptions.dispense(new DispenseRequest[](1), new bytes[](0));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        prescriptions.cancel(new CancelPrescription[](1), new bytes[](2));
    }

    // The word of coordinators

    function vouched(
        PrescriptionRequest memory request,
        bytes32 order,
        bytes[] memory checks
    ) private returns (bytes4) {
        return prescribe(request, signature(DOCTOR_KEY, texts.hash(request)), "", order, checks);
    }

    // @actor a doctor whose right ended, with an organisation that carries requests alone | puts a prescription on the ledger without coordinators
    function test_a_prescription_for_which_too_few_coordinators_vouch_is_refused() public {
        bytes32 text = texts.hash(PrescriptionCheck(digestOf(prescription()), "order"));
        bytes4 reason = IRefusals.QuorumMissing.selector;
        refused(vouched(prescription(), "order", new bytes[](0)), reason);
        refused(vouched(prescription(), "order", signatures(pick(coordinatorKeys, 1), text)), reason);
        bytes4 foreign = IRefusals.SeatMissing.selector;
        refused(vouched(prescription(), "order", signatures(quorum(authorityKeys), text)), foreign);
        bytes4 twice = IRefusals.SignersUnordered.selector;
        refused(vouched(prescription(), "order", signatures(pick(coordinatorKeys, 1, 1), text)), twice);
        same(prescriptions.prescribedOn("order"), 0);
        taken(vouched(prescription(), "order", signatures(quorum(coordinatorKeys), text)));
    }

    function test_a_check_of_another_prescription_or_record_is_not_one_of_this() public {
        bytes4 reason = IRefusals.SeatMissing.selector;
        refused(vouched(prescription(), "order", checksOf(digestOf(monthly()), "order")), reason);
        refused(vouched(prescription(), "order", checksOf(digestOf(prescription()), "other")), reason);
    }

    function test_one_prescription_rests_on_a_record_also_after_its_end() public {
        bytes4 reason = IPrescriptions.OrderPrescribed.selector;
        bytes32 digest = digestOf(prescription());
        taken(vouched(prescription(), "order", checksOf(digest, "order")));
        same(prescriptions.prescribedOn("order"), digest);
        bytes32 second = digestOf(monthly());
        refused(vouched(monthly(), "order", checksOf(second, "order")), reason);
        PrescriptionRequest memory replacing = monthly();
        replacing.replaces = digest;
        refused(vouched(replacing, "order", checksOf(digestOf(replacing), "order")), reason);
        taken(cancel(digest, DOCTOR_KEY));
        refused(vouched(monthly(), "order", checksOf(second, "order")), reason);
        taken(vouched(monthly(), "next", checksOf(second, "next")));
    }

    // A second signature

    function withSecond(address second) private view returns (PrescriptionRequest memory request) {
        request = prescription();
        request.second = second;
    }

    function test_a_prescription_that_names_a_second_is_taken_with_both_signatures() public {
        PrescriptionRequest memory request = withSecond(otherDoctor);
        bytes32 text = texts.hash(request);
        taken(prescribe(request, signature(DOCTOR_KEY, text), signature(OTHER_DOCTOR_KEY, text)));
    }

    function test_a_prescription_that_names_a_second_is_refused_without_its_signature() public {
        PrescriptionRequest memory request = withSecond(otherDoctor);
        bytes memory first = signature(DOCTOR_KEY, texts.hash(request));
        refused(prescribe(request, first, ""), IRefusals.SignatureInvalid.selector);
        refused(prescribe(request, first, first), IRefusals.SignatureInvalid.selector);
        bytes memory second = signature(STRANGER_KEY, texts.hash(request));
        refused(prescribe(request, first, second), IRefusals.SignatureInvalid.selector);
    }

    function test_nobody_is_their_own_second() public {
        PrescriptionRequest memory request = withSecond(doctor);
        bytes memory signed = signature(DOCTOR_KEY, texts.hash(request));
        refused(prescribe(request, signed, signed), IPrescriptions.PrescriberInvalid.selector);
    }

    function test_a_second_who_is_no_doctor_or_is_suspended_is_refused() public {
        PrescriptionRequest memory request = withSecond(patient);
        bytes32 text = texts.hash(request);
        refused(
            prescribe(request, signature(DOCTOR_KEY, text), signature(PATIENT_KEY, text)),
            IPrescriptions.PrescriberInvalid.selector
        );
        request = withSecond(otherDoctor);
        taken(suspend(Suspension(otherDoctor, true, 1, LATER), quorum(authorityKeys)));
        text = texts.hash(request);
        refused(
            prescribe(request, signature(DOCTOR_KEY, text), signature(OTHER_DOCTOR_KEY, text)),
            IRefusals.PartyIsSuspended.selector
        );
    }

    // Dispensing

    function test_a_prescription_is_dispensed_in_parts_up_to_the_whole_and_no_further() public {
        bytes32 digest = prescribed(prescription());
        taken(dispense(digest, 1, 20));
        taken(dispense(digest, 2, 60));
        same(prescriptions.dispensable(digest, NOW), 10);
        refused(dispense(digest, 3, 11), IPrescriptions.AmountExceeded.selector);
        taken(dispense(digest, 3, 10));
        same(prescriptions.dispensable(digest, NOW), 0);
        refused(dispense(digest, 4, 1), IPrescriptions.AmountExceeded.selector);
    }

    function test_whatever_amounts_are_asked_for_no_more_than_the_whole_is_dispensed(
        uint24[12] memory amounts
    ) public {
        bytes32 digest = prescribed(prescription());
        uint256 sum;
        uint16 step;
        for (uint256 i; i < amounts.length; ++i) {
            uint24 amount = amounts[i] % 40;
            bytes4 refusal = dispense(digest, step + 1, amount);
            if (amount == 0 || sum + amount > 90) {
                refused(refusal, IPrescriptions.AmountExceeded.selector);
            } else {
                taken(refusal);
                (sum, step) = (sum + amount, step + 1);
            }
        }
        same(prescriptions.prescriptionOf(digest).dispensed, sum);
    }

    function test_two_pharmacies_at_one_second_of_which_one_wins() public {
        bytes32 digest = prescribed(prescription());
        DispenseRequest[] memory requests = new DispenseRequest[](2);
        bytes[] memory signed = new bytes[](2);
        requests[0] = dispensing(digest, 1, AMOUNT);
        requests[1] = dispensing(digest, 1, AMOUNT);
        requests[1].termsHash = keccak256("another pharmacy");
        for (uint256 i; i < 2; ++i) signed[i] = signature(SLIP_KEY, texts.hash(requests[i]));
        vm.recordLogs();
        prescriptions.dispense(requests, signed);
        bytes4[] memory reasons = outcomes(2);
        taken(reasons[0]);
        refused(reasons[1], IPrescriptions.StepUnexpected.selector);
        same(prescriptions.prescriptionOf(digest).dispensed, AMOUNT);
    }

    // @actor pharmacy | to dispense after cancellation, in one block
    function test_a_dispense_after_cancellation_in_one_block_is_refused() public {
        bytes32 digest = prescribed(prescription());
        taken(cancel(digest, DOCTOR_KEY));
        refused(dispense(digest, 1, AMOUNT), IPrescriptions.PrescriptionIsEnded.selector);
    }

    function test_a_dispense_is_taken_once() public {
        bytes32 digest = prescribed(prescription());
        DispenseRequest memory request = dispensing(digest, 1, AMOUNT);
        taken(dispense(request, SLIP_KEY));
        refused(dispense(request, SLIP_KEY), IPrescriptions.StepUnexpected.selector);
    }

    function test_a_lying_pharmacy_dispenses_nothing_that_was_not_shown_to_it(uint256 key) public {
        bytes32 digest = prescribed(prescription());
        key = within(key, 1, type(uint128).max);
        vm.assume(key != SLIP_KEY);
        refused(dispense(dispensing(digest, 1, 1), key), IRefusals.SignatureInvalid.selector);
    }

    function test_a_dispense_that_was_altered_is_refused() public {
        bytes32 digest = prescribed(prescription());
        DispenseRequest[] memory requests = new DispenseRequest[](1);
        requests[0] = dispensing(digest, 1, 10);
        bytes memory signed = signature(SLIP_KEY, texts.hash(requests[0]));
        requests[0].amount = 11;
        vm.recordLogs();
        prescriptions.dispense(requests, one(signed));
        refused(outcome(), IRefusals.SignatureInvalid.selector);
        requests[0].amount = 10;
        requests[0].termsHash = keccak256("another pharmacy");
        vm.recordLogs();
        prescriptions.dispense(requests, one(signed));
        refused(outcome(), IRefusals.SignatureInvalid.selector);
    }

    function test_the_key_of_one_prescription_dispenses_no_other() public {
        PrescriptionRequest memory other = prescription();
        other.slip = vm.addr(NEXT_SLIP_KEY);
        bytes32 digest = prescribed(other);
        refused(dispense(digest, 1, 1), IRefusals.SignatureInvalid.selector);
    }

    function test_a_dispense_after_its_deadline_is_refused() public {
        bytes32 digest = prescribed(prescription());
        DispenseRequest memory request = dispensing(digest, 1, 1);
        vm.warp(NOW + 1);
        refused(dispense(request, SLIP_KEY), IRefusals.DeadlinePassed.selector);
    }

    function test_nothing_is_dispensed_of_a_prescription_that_nobody_made() public {
        refused(dispense(keccak256("none"), 1, 1), IPrescriptions.PrescriptionUnknown.selector);
    }

    function test_a_prescription_is_valid_from_its_first_second_until_the_last_before_its_end() public {
        PrescriptionRequest memory request = prescription();
        request.from = NOW + 10;
        bytes32 digest = prescribed(request);
        bytes4 reason = IPrescriptions.PrescriptionOutOfTime.selector;
        vm.warp(NOW + 9);
        refused(dispense(digest, 1, 1), reason);
        same(prescriptions.dispensable(digest, NOW + 9), 0);
        vm.warp(NOW + 10);
        taken(dispense(digest, 1, 1));
        vm.warp(NOW + 100 days - 1);
        taken(dispense(digest, 2, 1));
        vm.warp(NOW + 100 days);
        refused(dispense(digest, 3, 1), reason);
        same(prescriptions.dispensable(digest, NOW + 100 days), 0);
    }

    function test_nothing_is_dispensed_while_the_prescriber_is_suspended() public {
        bytes32 digest = prescribed(prescription());
        suspendDoctor();
        refused(dispense(digest, 1, 1), IRefusals.PartyIsSuspended.selector);
        taken(suspend(Suspension(doctor, false, 2, LATER), quorum(authorityKeys)));
        taken(dispense(digest, 1, 1));
    }

    // Fills with an interval

    function test_a_fill_waits_for_its_interval_from_the_beginning_of_the_one_before() public {
        bytes32 digest = prescribed(monthly());
        vm.warp(NOW + 5 days);
        taken(dispense(digest, 1, AMOUNT));
        same(prescriptions.dispensable(digest, NOW + 33 days - 1), 0);
        vm.warp(NOW + 33 days - 1);
        refused(dispense(digest, 2, 1), IPrescriptions.FillEarly.selector);
        vm.warp(NOW + 33 days);
        same(prescriptions.dispensable(digest, NOW + 33 days), AMOUNT);
        taken(dispense(digest, 2, 1));
    }

    function test_a_fill_in_parts_is_finished_at_any_time_and_not_exceeded() public {
        bytes32 digest = prescribed(monthly());
        taken(dispense(digest, 1, 10));
        refused(dispense(digest, 2, 21), IPrescriptions.AmountExceeded.selector);
        vm.warp(NOW + 40 days);
        refused(dispense(digest, 2, 21), IPrescriptions.AmountExceeded.selector);
        taken(dispense(digest, 2, 20));
        // The second fill waits since the first one began, not since it was finished.
        taken(dispense(digest, 3, AMOUNT));
        refused(dispense(digest, 4, 1), IPrescriptions.FillEarly.selector);
    }

    function test_a_fill_that_was_missed_is_not_made_up_for() public {
        bytes32 digest = prescribed(monthly());
        vm.warp(NOW + 90 days);
        taken(dispense(digest, 1, AMOUNT));
        refused(dispense(digest, 2, 1), IPrescriptions.FillEarly.selector);
    }

    function test_a_prescription_of_more_days_than_are_counted_gives_no_fill_too_early() public {
        PrescriptionRequest memory request = monthly();
        request.until = NOW + 40_000 days;
        request.interval = 30_000;
        bytes32 digest = prescribed(request);
        vm.warp(NOW + 39_000 days);
        taken(dispense(digest, 1, AMOUNT));
        vm.warp(NOW + 39_999 days);
        refused(dispense(digest, 2, 1), IPrescriptions.FillEarly.selector);
    }

    // Holding back

    function test_a_prescription_that_is_held_back_gives_nothing_until_it_goes_on() public {
        bytes32 digest = prescribed(prescription());
        taken(hold(digest, 1, true, DOCTOR_KEY));
        refused(dispense(digest, 2, 1), IPrescriptions.PrescriptionIsHeld.selector);
        same(prescriptions.dispensable(digest, NOW), 0);
        taken(hold(digest, 2, false, DOCTOR_KEY));
        taken(dispense(digest, 3, 1));
    }

    function test_a_dispense_that_was_signed_before_a_hold_is_refused_after_it_is_lifted() public {
        bytes32 digest = prescribed(prescription());
        taken(hold(digest, 1, true, DOCTOR_KEY));
        taken(hold(digest, 2, false, DOCTOR_KEY));
        refused(dispense(digest, 1, 1), IPrescriptions.StepUnexpected.selector);
    }

    function test_a_hold_is_taken_once() public {
        bytes32 digest = prescribed(prescription());
        taken(hold(digest, 1, true, DOCTOR_KEY));
        refused(hold(digest, 1, true, DOCTOR_KEY), IPrescriptions.StepUnexpected.selector);
        refused(hold(digest, 2, true, DOCTOR_KEY), IPrescriptions.HoldUnchanged.selector);
        taken(hold(digest, 2, false, DOCTOR_KEY));
        refused(hold(digest, 3, false, DOCTOR_KEY), IPrescriptions.HoldUnchanged.selector);
        refused(hold(digest, 1, true, DOCTOR_KEY), IPrescriptions.StepUnexpected.selector);
    }

    function test_nobody_but_the_prescriber_holds_back_or_ends(uint256 key) public {
        bytes32 digest = prescribed(prescription());
        key = within(key, 1, type(uint128).max);
        vm.assume(key != DOCTOR_KEY);
        refused(hold(digest, 1, true, key), IRefusals.SignatureInvalid.selector);
        refused(cancel(digest, key), IRefusals.SignatureInvalid.selector);
    }

    // Ends

    function test_a_prescription_that_was_cancelled_stays_so() public {
        bytes32 digest = prescribed(prescription());
        taken(hold(digest, 1, true, DOCTOR_KEY));
        taken(cancel(digest, DOCTOR_KEY));
        refused(cancel(digest, DOCTOR_KEY), IPrescriptions.PrescriptionIsEnded.selector);
        refused(hold(digest, 2, false, DOCTOR_KEY), IPrescriptions.PrescriptionIsEnded.selector);
        refused(pass(digest, 2, HOLDER_KEY), IPrescriptions.PrescriptionIsEnded.selector);
    }

    function test_a_suspended_prescriber_changes_nothing() public {
        bytes32 digest = prescribed(prescription());
        suspendDoctor();
        refused(hold(digest, 1, true, DOCTOR_KEY), IRefusals.PartyIsSuspended.selector);
        refused(cancel(digest, DOCTOR_KEY), IRefusals.PartyIsSuspended.selector);
    }

    function test_a_prescription_that_replaces_another_ends_it_at_once() public {
        bytes32 former = prescribed(prescription());
        PrescriptionRequest memory request = monthly();
        request.replaces = former;
        bytes32 digest = prescribed(request);
        refused(dispense(former, 1, 1), IPrescriptions.PrescriptionIsEnded.selector);
        taken(dispense(digest, 1, 1));
    }

    function test_nobody_replaces_a_prescription_of_another() public {
        bytes32 former = prescribed(prescription());
        PrescriptionRequest memory request = monthly();
        (request.replaces, request.prescriber) = (former, otherDoctor);
        refused(prescribe(request, OTHER_DOCTOR_KEY), IPrescriptions.PrescriberInvalid.selector);
        taken(dispense(former, 1, 1));
    }

    function test_a_prescription_that_ended_or_never_was_is_not_replaced() public {
        bytes32 former = prescribed(prescription());
        taken(cancel(former, DOCTOR_KEY));
        PrescriptionRequest memory request = monthly();
        request.replaces = former;
        refused(prescribe(request, DOCTOR_KEY), IPrescriptions.PrescriptionIsEnded.selector);
        request.replaces = keccak256("none");
        refused(prescribe(request, DOCTOR_KEY), IPrescriptions.PrescriptionUnknown.selector);
    }

    // Passing on

    function test_a_prescription_that_was_passed_on_is_shown_with_the_new_slip_alone() public {
        bytes32 digest = prescribed(prescription());
        taken(pass(digest, 1, HOLDER_KEY));
        refused(dispense(digest, 2, 1), IRefusals.SignatureInvalid.selector);
        refused(dispense(dispensing(digest, 2, 1), NEXT_HOLDER_KEY), IRefusals.SignatureInvalid.selector);
        taken(dispense(dispensing(digest, 2, 1), NEXT_SLIP_KEY));
    }

    function test_a_pharmacy_that_was_shown_the_slip_does_not_pass_the_prescription_on() public {
        bytes32 digest = prescribed(prescription());
        address own = vm.addr(STRANGER_KEY);
        refused(pass(digest, 1, vm.addr(HOLDER_KEY), own, SLIP_KEY), IRefusals.SignatureInvalid.selector);
        refused(pass(digest, 1, own, vm.addr(SLIP_KEY), SLIP_KEY), IRefusals.SignatureInvalid.selector);
        taken(dispense(digest, 1, 1));
    }

    function test_nobody_but_its_holder_passes_a_prescription_on(uint256 key) public {
        bytes32 digest = prescribed(prescription());
        key = within(key, 1, type(uint128).max);
        vm.assume(key != HOLDER_KEY);
        refused(pass(digest, 1, key), IRefusals.SignatureInvalid.selector);
        refused(pass(digest, 1, DOCTOR_KEY), IRefusals.SignatureInvalid.selector);
        refused(pass(digest, 1, NEXT_HOLDER_KEY), IRefusals.SignatureInvalid.selector);
        refused(pass(digest, 2, HOLDER_KEY), IPrescriptions.StepUnexpected.selector);
    }

    function test_a_prescription_is_passed_on_to_two_keys() public {
        bytes32 digest = prescribed(prescription());
        (address holder, address slip) = (vm.addr(NEXT_HOLDER_KEY), vm.addr(NEXT_SLIP_KEY));
        bytes4 reason = IPrescriptions.PrescriptionInvalid.selector;
        refused(pass(digest, 1, address(0), slip, HOLDER_KEY), reason);
        refused(pass(digest, 1, holder, address(0), HOLDER_KEY), reason);
        refused(pass(digest, 1, slip, slip, HOLDER_KEY), reason);
        taken(pass(digest, 1, vm.addr(HOLDER_KEY), slip, HOLDER_KEY));
    }

    function test_the_holders_key_dispenses_nothing() public {
        bytes32 digest = prescribed(prescription());
        refused(dispense(dispensing(digest, 1, 1), HOLDER_KEY), IRefusals.SignatureInvalid.selector);
    }

    function test_a_former_holder_takes_nothing_back() public {
        bytes32 digest = prescribed(prescription());
        taken(pass(digest, 1, HOLDER_KEY));
        refused(pass(digest, 2, HOLDER_KEY), IRefusals.SignatureInvalid.selector);
        refused(pass(digest, 1, HOLDER_KEY), IPrescriptions.StepUnexpected.selector);
    }
}
