// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Suspension} from "./RequestTypes.sol";
import {ConfirmVital, ObjectToVital, UndoVitalRequest, VitalReport, WillRequest} from "./VitalTypes.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {IVitalRecords} from "./interfaces/IVitalRecords.sol";
import {Attesting} from "./test/Attesting.t.sol";

/// Births, deaths and wills: who attests them, what undoes them, and how what is said of a person falsely is taken back.
/// Births and deaths go through the same states: what holds of both is tried with both.
contract VitalRecordsTest is Attesting {
    function suspendParty(address party) private {
        taken(suspend(Suspension(party, true, 1, uint64(block.timestamp)), quorum(authorityKeys)));
    }

    /// Has a fact as many steps behind it as would take years.
    function setStep(string memory what, uint16 step) private {
        vm.record();
        vital.vitalOf(keccak256(bytes(what)), HANDLE);
        (bytes32[] memory slots, ) = vm.accesses(address(vital));
        // The step lies above the reporter's 20 bytes and the 5 of the moment.
        uint256 word = uint256(vm.load(address(vital), slots[0])) & ~(uint256(type(uint16).max) << 200);
        vm.store(address(vital), slots[0], bytes32(word | (uint256(step) << 200)));
        same(vitalOf(what).step, step);
    }

    function either(bool born) private pure returns (string memory) {
        return born ? BIRTH : DEATH;
    }

    // Reports

    function test_a_false_birth_one_registrar_alone_never_makes_and_nobody_is_stuck_with_one() public {
        bytes32 digest = reported(BIRTH);
        refused(confirm(BIRTH, digest, 2, REGISTRAR_KEY), IVitalRecords.OrganisationsAlike.selector);
        refused(confirm(BIRTH, digest, 2, DOCTOR_KEY), IVitalRecords.OrganisationsAlike.selector);
        so(vitalOf(BIRTH).stage == IVitalRecords.Stage.Reported, "no effect");
        taken(object(BIRTH, digest, 2, PATIENT_KEY));
        none(BIRTH);
        reported(BIRTH, 3);
    }

    function test_nobody_but_a_registrar_reports_a_birth(uint8 role) public {
        role = uint8(within(role, 2, REGISTRAR - 1));
        enrolAt(vm.addr(STRANGER_KEY), role, "hospital");
        (bytes4 refusal, ) = reportBy(BIRTH, 1, STRANGER_KEY);
        refused(refusal, IVitalRecords.RoleUnfit.selector);
        (refusal, ) = reportBy(BIRTH, 1, PATIENT_KEY);
        refused(refusal, IVitalRecords.RoleUnfit.selector);
    }

    function test_nobody_but_a_doctor_or_a_registrar_reports_a_death_or_confirms(
        uint8 role,
        bool born
    ) public {
        role = uint8(within(role, 3, REGISTRAR - 1));
        enrolAt(vm.addr(STRANGER_KEY), role, "laboratory");
        (bytes4 refusal, ) = reportBy(DEATH, 1, STRANGER_KEY);
        refused(refusal, IVitalRecords.RoleUnfit.selector);
        (refusal, ) = reportBy(DEATH, 1, PATIENT_KEY);
        refused(refusal, IVitalRecords.RoleUnfit.selector);
        bytes32 digest = reported(either(born));
        refused(confirm(either(born), digest, 2, STRANGER_KEY), IVitalRecords.RoleUnfit.selector);
        refused(confirm(either(born), digest, 2, PATIENT_KEY), IVitalRecords.RoleUnfit.selector);
    }

    function test_a_report_signed_by_another_key_is_refused(uint256 key, bool born) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != REGISTRAR_KEY);
        bytes4 refusal = report(either(born), reportOfStep(1, registrar), key);
        refused(refusal, IRefusals.SignatureInvalid.selector);
    }

    function test_a_report_of_nobody_late_altered_or_by_the_suspended_is_refused(bool born) public {
        string memory what = either(born);
        VitalReport memory request = reportOfStep(1, registrar);
        bytes memory signed = signature(REGISTRAR_KEY, texts.hashOf(what, request));
        bytes4 invalid = IRefusals.SignatureInvalid.selector;
        refused(report(either(!born), request, signed), invalid);
        request.handle = OTHER_HANDLE;
        refused(report(what, request, signed), invalid);
        request = reportOfStep(1, registrar);
        request.termsHash = keccak256("other words");
        refused(report(what, request, signed), invalid);
        request = reportOfStep(1, registrar);
        request.handle = keccak256("nobody");
        refused(report(what, request, REGISTRAR_KEY), IVitalRecords.HandleUnknown.selector);
        request = reportOfStep(2, registrar);
        refused(report(what, request, REGISTRAR_KEY), IVitalRecords.StepUnexpected.selector);
        request = reportOfStep(1, registrar);
        suspendParty(registrar);
        refused(report(what, request, REGISTRAR_KEY), IRefusals.PartyIsSuspended.selector);
        vm.warp(NOW + 1);
        refused(report(what, request, REGISTRAR_KEY), IRefusals.DeadlinePassed.selector);
    }

    function test_a_second_report_waits_until_the_first_is_undone(bool born) public {
        reported(either(born));
        (bytes4 refusal, ) = reportBy(either(born), 2, OTHER_REGISTRAR_KEY);
        refused(refusal, IVitalRecords.ReportKnown.selector);
    }

    function test_a_birth_and_a_death_stand_for_themselves() public {
        bytes32 born = settled(BIRTH);
        bytes32 died = settled(DEATH);
        refused(object(DEATH, born, 3, PATIENT_KEY), IVitalRecords.ReportUnknown.selector);
        refused(object("marriage", died, 1, PATIENT_KEY), IVitalRecords.ReportUnknown.selector);
        taken(object(DEATH, died, 3, PATIENT_KEY));
        none(DEATH);
        confirmed(BIRTH);
    }

    // Confirmations

    function test_it_takes_a_report_and_a_confirmation_of_another_organisation(bool born) public {
        string memory what = either(born);
        bytes32 digest = reported(what);
        so(vitalOf(what).stage == IVitalRecords.Stage.Reported, "reported");
        same(vitalOf(what).since, 0);
        vm.warp(NOW + 5);
        taken(confirm(what, digest, 2, FAR_DOCTOR_KEY));
        confirmed(what);
        same(vitalOf(what).since, NOW + 5);
        same(vitalOf(what).step, 2);
        same(reportOf(what), digest);
    }

    function test_a_doctor_reports_a_death_and_a_registrar_of_another_organisation_confirms() public {
        (, bytes32 digest) = reportBy(DEATH, 1, DOCTOR_KEY);
        taken(confirm(DEATH, digest, 2, OTHER_REGISTRAR_KEY));
        confirmed(DEATH);
    }

    function test_one_organisation_alone_confirms_nothing_it_reported(bool born) public {
        bytes32 digest = reported(either(born));
        bytes4 alike = IVitalRecords.OrganisationsAlike.selector;
        refused(confirm(either(born), digest, 2, REGISTRAR_KEY), alike);
        refused(confirm(either(born), digest, 2, DOCTOR_KEY), alike);
        refused(confirm(either(born), digest, 2, OTHER_DOCTOR_KEY), alike);
    }

    function test_death_recorded_for_the_living_two_doctors_never_do() public {
        (, bytes32 digest) = reportBy(DEATH, 1, DOCTOR_KEY);
        refused(confirm(DEATH, digest, 2, FAR_DOCTOR_KEY), IVitalRecords.RegistrarMissing.selector);
    }

    function test_a_confirmation_of_another_report_of_another_step_or_by_another_key_is_refused(
        bool born
    ) public {
        string memory what = either(born);
        bytes4 unknown = IVitalRecords.ReportUnknown.selector;
        refused(confirm(what, keccak256("x"), 1, OTHER_REGISTRAR_KEY), unknown);
        bytes32 digest = reported(what);
        refused(confirm(what, keccak256("x"), 2, OTHER_REGISTRAR_KEY), unknown);
        refused(confirm(either(!born), digest, 2, OTHER_REGISTRAR_KEY), unknown);
        refused(confirm(what, digest, 3, OTHER_REGISTRAR_KEY), IVitalRecords.StepUnexpected.selector);
        uint64 deadline = uint64(block.timestamp);
        ConfirmVital memory request = ConfirmVital(what, HANDLE, 2, digest, otherRegistrar, deadline);
        refused(confirm(request, DOCTOR_KEY), IRefusals.SignatureInvalid.selector);
        taken(confirm(request, OTHER_REGISTRAR_KEY));
        request.step = 3;
        refused(confirm(request, OTHER_REGISTRAR_KEY), IVitalRecords.ReportKnown.selector);
    }

    function test_a_report_of_one_who_was_suspended_since_is_not_confirmed(bool born) public {
        bytes32 digest = reported(either(born));
        suspendParty(registrar);
        refused(confirm(either(born), digest, 2, OTHER_REGISTRAR_KEY), IRefusals.PartyIsSuspended.selector);
    }

    // @actor an organisation that left | reports, confirms or undoes a birth or a death
    function test_an_organisation_that_left_reports_confirms_and_undoes_nothing(bool born) public {
        string memory what = either(born);
        bytes4 absent = IVitalRecords.OrganisationAbsent.selector;
        bytes32 digest = reported(what);
        address late = vm.addr(STRANGER_KEY);
        enrolAt(late, REGISTRAR, "left");
        refused(confirm(what, digest, 2, STRANGER_KEY), absent);
        refused(undo(what, digest, 2, DOCTOR_KEY, STRANGER_KEY), absent);
        taken(confirm(what, digest, 2, OTHER_REGISTRAR_KEY));
        refused(undo(what, digest, 3, STRANGER_KEY, DOCTOR_KEY), absent);
        (bytes4 refusal, ) = reportBy(either(!born), 1, STRANGER_KEY);
        refused(refusal, absent);
    }

    // The patient objects

    function test_a_report_is_objected_to_however_long_ago_it_was(bool born) public {
        string memory what = either(born);
        bytes32 digest = reported(what);
        vm.warp(NOW + 1000 days);
        taken(object(what, digest, 2, PATIENT_KEY));
        none(what);
        refused(confirm(what, digest, 3, OTHER_REGISTRAR_KEY), IVitalRecords.ReportUnknown.selector);
    }

    // @actor a founder | founds a network whose patients have a second to object to their death
    function test_what_two_liars_confirmed_is_objected_to_for_a_term_that_no_founder_makes_shorter(
        bool born
    ) public {
        bytes32 digest = settled(either(born));
        so(OBJECTION > DELAY, "not the registry's delay");
        vm.warp(NOW + OBJECTION - 1);
        taken(object(either(born), digest, 3, PATIENT_KEY));
        none(either(born));
    }

    // @attack a thief of the dead person's device undoes the death late | `ObjectionLate` after the delay; a suspended patient objects to nothing
    function test_an_objection_after_the_delay_is_refused_so_that_a_device_of_the_dead_undoes_nothing(
        bool born
    ) public {
        bytes32 digest = settled(either(born));
        vm.warp(NOW + OBJECTION);
        refused(object(either(born), digest, 3, PATIENT_KEY), IVitalRecords.ObjectionLate.selector);
        confirmed(either(born));
    }

    function test_nobody_but_the_patient_objects(uint256 key, bool born) public {
        bytes32 digest = reported(either(born));
        key = within(key, 1, type(uint128).max);
        vm.assume(key != PATIENT_KEY);
        refused(object(either(born), digest, 2, key), IRefusals.SignatureInvalid.selector);
    }

    function test_a_suspended_patient_whose_key_was_stolen_objects_to_nothing(bool born) public {
        bytes32 digest = reported(either(born));
        suspendParty(patient);
        refused(object(either(born), digest, 2, PATIENT_KEY), IRefusals.PartyIsSuspended.selector);
    }

    // Two undo

    // @actor two organisations | record a false birth, years ago
    function test_a_mistake_is_undone_by_two_of_different_organisations_however_old_it_is(bool born) public {
        string memory what = either(born);
        bytes32 digest = settled(what);
        vm.warp(NOW + 40000 days);
        taken(undo(what, digest, 3, DOCTOR_KEY, OTHER_REGISTRAR_KEY));
        none(what);
        same(vitalOf(what).step, 3);
        bytes4 refusal = undo(what, digest, 4, DOCTOR_KEY, OTHER_REGISTRAR_KEY);
        refused(refusal, IVitalRecords.ReportUnknown.selector);
    }

    function test_an_undoing_by_one_organisation_by_two_doctors_or_half_signed_is_refused(bool born) public {
        string memory what = either(born);
        bytes32 digest = settled(what);
        bytes4 refusal = undo(what, digest, 3, DOCTOR_KEY, REGISTRAR_KEY);
        refused(refusal, IVitalRecords.OrganisationsAlike.selector);
        refusal = undo(what, digest, 3, DOCTOR_KEY, FAR_DOCTOR_KEY);
        refused(refusal, IVitalRecords.RegistrarMissing.selector);
        uint64 deadline = uint64(block.timestamp);
        UndoVitalRequest memory request = UndoVitalRequest(
            keccak256("why"),
            what,
            HANDLE,
            3,
            digest,
            doctor,
            otherRegistrar,
            deadline
        );
        refused(undo(request, DOCTOR_KEY, DOCTOR_KEY), IRefusals.SignatureInvalid.selector);
        refused(undo(request, OTHER_REGISTRAR_KEY, OTHER_REGISTRAR_KEY), IRefusals.SignatureInvalid.selector);
        refused(undo(what, digest, 3, NURSE_KEY, REGISTRAR_KEY), IVitalRecords.RoleUnfit.selector);
        refusal = undo(what, digest, 4, DOCTOR_KEY, OTHER_REGISTRAR_KEY);
        refused(refusal, IVitalRecords.StepUnexpected.selector);
        confirmed(what);
    }

    function test_what_was_undone_is_reported_again_and_nothing_of_before_serves_it(bool born) public {
        string memory what = either(born);
        bytes32 digest = settled(what);
        taken(undo(what, digest, 3, DOCTOR_KEY, OTHER_REGISTRAR_KEY));
        bytes32 again = reported(what, 4);
        refused(confirm(what, digest, 5, OTHER_REGISTRAR_KEY), IVitalRecords.ReportUnknown.selector);
        taken(confirm(what, again, 5, OTHER_REGISTRAR_KEY));
        confirmed(what);
    }

    // @attack two who collude report and undo a death until no number is left to undo the last one | a report leaves room for its undoing
    function test_death_recorded_for_the_living_is_undone_however_many_deaths_were_before(
        bool born,
        bool byTwo
    ) public {
        string memory what = either(born);
        uint16 last = type(uint16).max - 2;
        setStep(what, last - 1);
        bytes32 digest = reported(what, last);
        taken(confirm(what, digest, last + 1, OTHER_REGISTRAR_KEY));
        if (byTwo) taken(undo(what, digest, last + 2, DOCTOR_KEY, OTHER_REGISTRAR_KEY));
        else taken(object(what, digest, last + 2, PATIENT_KEY));
        none(what);
    }

    function test_what_could_not_be_undone_any_more_is_not_reported(uint16 step, bool born) public {
        step = uint16(within(step, type(uint16).max - 1, type(uint16).max));
        setStep(either(born), step - 1);
        (bytes4 refusal, ) = reportBy(either(born), step, REGISTRAR_KEY);
        refused(refusal, IVitalRecords.StepUnexpected.selector);
        none(either(born));
    }

    // Wills

    function test_the_newest_will_of_the_living_holds() public {
        taken(setWill(keccak256("first"), 1, PATIENT_KEY));
        (bytes32 first, ) = vital.willOf(HANDLE);
        taken(setWill(keccak256("second"), 2, PATIENT_KEY));
        (bytes32 second, uint16 number) = vital.willOf(HANDLE);
        so(second != first, "another");
        same(number, 2);
        refused(setWill(keccak256("first"), 2, PATIENT_KEY), IVitalRecords.StepUnexpected.selector);
    }

    function test_nobody_sets_the_will_of_another_and_nobody_once_a_death_is_reported(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != PATIENT_KEY);
        refused(setWill(keccak256("x"), 1, key), IRefusals.SignatureInvalid.selector);
        reported(DEATH);
        refused(setWill(keccak256("x"), 1, PATIENT_KEY), IVitalRecords.DeathKnown.selector);
    }

    function test_a_will_stands_through_a_death_and_its_undoing() public {
        taken(setWill(keccak256("first"), 1, PATIENT_KEY));
        (bytes32 will, ) = vital.willOf(HANDLE);
        bytes32 digest = settled(DEATH);
        (bytes32 after_, ) = vital.willOf(HANDLE);
        same(after_, will);
        taken(object(DEATH, digest, 3, PATIENT_KEY));
        (after_, ) = vital.willOf(HANDLE);
        same(after_, will);
    }

    // Batches

    function test_a_batch_with_a_signature_too_few_is_reverted() public {
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        vital.reportBirths(new VitalReport[](1), new bytes[](0));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        vital.reportDeaths(new VitalReport[](1), new bytes[](2));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        vital.confirm(new ConfirmVital[](1), new bytes[](0));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        vital.undo(new UndoVitalRequest[](1), new bytes[2][](0));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        vital.object(new ObjectToVital[](1), new bytes[](0));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        vital.setWill(new WillRequest[](1), new bytes[](0));
    }

    function test_one_bad_report_of_a_batch_fails_alone() public {
        VitalReport[] memory requests = new VitalReport[](2);
        bytes[] memory signed = new bytes[](2);
        (requests[0], requests[1]) = (reportOfStep(9, doctor), reportOfStep(1, doctor));
        for (uint256 i; i < 2; ++i) signed[i] = signature(DOCTOR_KEY, texts.hashOf(DEATH, requests[i]));
        vm.recordLogs();
        vital.reportDeaths(requests, signed);
        bytes4[] memory reasons = outcomes(2);
        refused(reasons[0], IVitalRecords.StepUnexpected.selector);
        taken(reasons[1]);
    }
}
