// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Suspension} from "./RequestTypes.sol";
import {BirthRequest, ConfirmDeath, DeathRequest, UndoDeathRequest, WillRequest} from "./VitalTypes.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {IVitalRecords} from "./interfaces/IVitalRecords.sol";
import {Attesting} from "./test/Attesting.t.sol";

/// Births, deaths and wills: who attests them, what undoes them, and how a death of the living is refused.
contract VitalRecordsTest is Attesting {
    function suspendParty(address party) private {
        taken(suspend(Suspension(party, true, 1, uint64(block.timestamp)), quorum(authorityKeys)));
    }

    /// Has a life as many steps behind it as would take years.
    function setStep(uint16 step) private {
        vm.record();
        vital.lifeOf(HANDLE);
        (bytes32[] memory slots, ) = vm.accesses(address(vital));
        // The step lies above the reporter's 20 bytes and the 5 of the moment.
        uint256 word = uint256(vm.load(address(vital), slots[0])) & ~(uint256(type(uint16).max) << 200);
        vm.store(address(vital), slots[0], bytes32(word | (uint256(step) << 200)));
        same(vital.lifeOf(HANDLE).step, step);
    }

    // Births

    function test_a_birth_that_a_registrar_signed_is_registered_once() public {
        taken(register(birth(), REGISTRAR_KEY));
        so(vital.lifeOf(HANDLE).born, "born");
        refused(register(birth(), REGISTRAR_KEY), IVitalRecords.BirthKnown.selector);
        BirthRequest memory other = birth();
        other.registrar = otherRegistrar;
        refused(register(other, OTHER_REGISTRAR_KEY), IVitalRecords.BirthKnown.selector);
    }

    function test_nobody_but_a_registrar_registers_a_birth(uint8 role) public {
        role = uint8(within(role, 2, REGISTRAR - 1));
        address other = vm.addr(STRANGER_KEY);
        enrolAt(other, role, "hospital");
        BirthRequest memory request = birth();
        request.registrar = other;
        refused(register(request, STRANGER_KEY), IVitalRecords.RoleUnfit.selector);
        request.registrar = patient;
        refused(register(request, PATIENT_KEY), IVitalRecords.RoleUnfit.selector);
    }

    function test_a_birth_signed_by_another_key_is_refused(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != REGISTRAR_KEY);
        refused(register(birth(), key), IRefusals.SignatureInvalid.selector);
    }

    function test_a_birth_of_nobody_late_or_by_the_suspended_is_refused() public {
        BirthRequest memory request = birth();
        request.handle = keccak256("nobody");
        refused(register(request, REGISTRAR_KEY), IVitalRecords.HandleUnknown.selector);
        suspendParty(registrar);
        refused(register(birth(), REGISTRAR_KEY), IRefusals.PartyIsSuspended.selector);
        vm.warp(LATER + 1);
        refused(register(birth(), REGISTRAR_KEY), IRefusals.DeadlinePassed.selector);
    }

    function test_a_birth_after_a_death_was_reported_is_refused() public {
        reported();
        refused(register(birth(), REGISTRAR_KEY), IVitalRecords.DeathKnown.selector);
    }

    // Deaths

    function test_a_death_takes_a_report_and_a_confirmation_of_another_organisation() public {
        bytes32 digest = reported();
        so(state() == IVitalRecords.LifeState.Reported, "reported");
        same(vital.lifeOf(HANDLE).since, 0);
        vm.warp(NOW + 5);
        taken(confirm(digest, 2, otherRegistrar, OTHER_REGISTRAR_KEY));
        dead();
        same(vital.lifeOf(HANDLE).since, NOW + 5);
        same(vital.lifeOf(HANDLE).step, 2);
        same(vital.deathOf(HANDLE), digest);
    }

    function test_a_registrar_reports_and_a_doctor_of_another_organisation_confirms() public {
        DeathRequest memory request = death(1, registrar);
        taken(report(request, REGISTRAR_KEY));
        taken(confirm(digestOf(texts.hash(request)), 2, farDoctor, FAR_DOCTOR_KEY));
        dead();
    }

    function test_death_recorded_for_the_living_one_party_alone_never_does() public {
        DeathRequest memory request = death(1, registrar);
        taken(report(request, REGISTRAR_KEY));
        bytes32 digest = digestOf(texts.hash(request));
        refused(confirm(digest, 2, registrar, REGISTRAR_KEY), IVitalRecords.OrganisationsAlike.selector);
        so(state() == IVitalRecords.LifeState.Reported, "no effect");
    }

    function test_death_recorded_for_the_living_one_organisation_alone_never_does() public {
        bytes32 digest = reported();
        refused(confirm(digest, 2, registrar, REGISTRAR_KEY), IVitalRecords.OrganisationsAlike.selector);
        refused(confirm(digest, 2, otherDoctor, OTHER_DOCTOR_KEY), IVitalRecords.OrganisationsAlike.selector);
    }

    function test_death_recorded_for_the_living_two_doctors_never_do() public {
        bytes32 digest = reported();
        refused(confirm(digest, 2, farDoctor, FAR_DOCTOR_KEY), IVitalRecords.RegistrarMissing.selector);
    }

    function test_death_recorded_for_the_living_is_undone_however_many_deaths_were_before() public {
        uint16 last = type(uint16).max - 2;
        setStep(last - 1);
        bytes32 digest = reported(last);
        taken(confirm(digest, last + 1, otherRegistrar, OTHER_REGISTRAR_KEY));
        taken(object(digest, last + 2, PATIENT_KEY));
        living();
    }

    function test_a_death_that_could_not_be_undone_any_more_is_not_reported(uint16 step) public {
        step = uint16(within(step, type(uint16).max - 1, type(uint16).max));
        setStep(step - 1);
        refused(report(death(step, doctor), DOCTOR_KEY), IVitalRecords.StepUnexpected.selector);
        living();
    }

    function test_death_recorded_for_the_living_is_undone_by_the_patient_at_once() public {
        bytes32 digest = reported();
        taken(object(digest, 2, PATIENT_KEY));
        living();
        refused(confirm(digest, 3, otherRegistrar, OTHER_REGISTRAR_KEY), IVitalRecords.DeathUnknown.selector);
    }

    function test_death_recorded_for_the_living_is_undone_by_the_patient_after_two_liars_confirmed_it()
        public
    {
        bytes32 digest = died();
        vm.warp(NOW + DELAY - 1);
        taken(object(digest, 3, PATIENT_KEY));
        living();
        same(vital.lifeOf(HANDLE).since, 0);
    }

    function test_an_objection_after_the_delay_is_refused_so_that_a_device_of_the_dead_undoes_nothing()
        public
    {
        bytes32 digest = died();
        vm.warp(NOW + DELAY);
        refused(object(digest, 3, PATIENT_KEY), IVitalRecords.ObjectionLate.selector);
        dead();
    }

    function test_a_report_is_objected_to_however_long_ago_it_was() public {
        bytes32 digest = reported();
        vm.warp(NOW + 1000 days);
        taken(object(digest, 2, PATIENT_KEY));
        living();
    }

    function test_nobody_but_the_patient_objects(uint256 key) public {
        bytes32 digest = reported();
        key = within(key, 1, type(uint128).max);
        vm.assume(key != PATIENT_KEY);
        refused(object(digest, 2, key), IRefusals.SignatureInvalid.selector);
    }

    function test_a_suspended_patient_whose_key_was_stolen_objects_to_nothing() public {
        bytes32 digest = reported();
        suspendParty(patient);
        refused(object(digest, 2, PATIENT_KEY), IRefusals.PartyIsSuspended.selector);
    }

    function test_nobody_but_a_doctor_or_a_registrar_reports_or_confirms(uint8 role) public {
        role = uint8(within(role, 3, REGISTRAR - 1));
        address other = vm.addr(STRANGER_KEY);
        enrolAt(other, role, "laboratory");
        refused(report(death(1, other), STRANGER_KEY), IVitalRecords.RoleUnfit.selector);
        refused(report(death(1, patient), PATIENT_KEY), IVitalRecords.RoleUnfit.selector);
        bytes32 digest = reported();
        refused(confirm(digest, 2, other, STRANGER_KEY), IVitalRecords.RoleUnfit.selector);
        refused(confirm(digest, 2, patient, PATIENT_KEY), IVitalRecords.RoleUnfit.selector);
    }

    function test_a_report_of_nobody_late_altered_or_by_the_suspended_is_refused() public {
        DeathRequest memory request = death(1, doctor);
        bytes memory signed = signature(DOCTOR_KEY, texts.hash(request));
        request.handle = OTHER_HANDLE;
        refused(report(request, signed), IRefusals.SignatureInvalid.selector);
        request = death(1, doctor);
        request.termsHash = keccak256("other words");
        refused(report(request, signed), IRefusals.SignatureInvalid.selector);
        request = death(1, doctor);
        request.handle = keccak256("nobody");
        refused(report(request, DOCTOR_KEY), IVitalRecords.HandleUnknown.selector);
        refused(report(death(2, doctor), DOCTOR_KEY), IVitalRecords.StepUnexpected.selector);
        request = death(1, doctor);
        suspendParty(doctor);
        refused(report(request, DOCTOR_KEY), IRefusals.PartyIsSuspended.selector);
        vm.warp(NOW + 1);
        refused(report(request, DOCTOR_KEY), IRefusals.DeadlinePassed.selector);
    }

    function test_a_second_report_waits_until_the_first_is_undone() public {
        reported();
        refused(report(death(2, registrar), REGISTRAR_KEY), IVitalRecords.DeathKnown.selector);
    }

    function test_a_confirmation_of_another_report_of_another_step_or_by_another_key_is_refused() public {
        refused(
            confirm(keccak256("x"), 1, otherRegistrar, OTHER_REGISTRAR_KEY),
            IVitalRecords.DeathUnknown.selector
        );
        bytes32 digest = reported();
        refused(
            confirm(keccak256("x"), 2, otherRegistrar, OTHER_REGISTRAR_KEY),
            IVitalRecords.DeathUnknown.selector
        );
        refused(
            confirm(digest, 3, otherRegistrar, OTHER_REGISTRAR_KEY),
            IVitalRecords.StepUnexpected.selector
        );
        refused(confirm(digest, 2, otherRegistrar, DOCTOR_KEY), IRefusals.SignatureInvalid.selector);
        taken(confirm(digest, 2, otherRegistrar, OTHER_REGISTRAR_KEY));
        refused(confirm(digest, 3, otherRegistrar, OTHER_REGISTRAR_KEY), IVitalRecords.DeathKnown.selector);
    }

    function test_a_report_of_one_who_was_suspended_since_is_not_confirmed() public {
        bytes32 digest = reported();
        suspendParty(doctor);
        refused(confirm(digest, 2, otherRegistrar, OTHER_REGISTRAR_KEY), IRefusals.PartyIsSuspended.selector);
    }

    // Undoing

    function test_a_mistaken_death_is_undone_by_two_of_different_organisations() public {
        bytes32 digest = died();
        vm.warp(NOW + 400 days);
        taken(undo(undoing(digest, 3, doctor, otherRegistrar), DOCTOR_KEY, OTHER_REGISTRAR_KEY));
        living();
        same(vital.lifeOf(HANDLE).step, 3);
        refused(
            undo(undoing(digest, 4, doctor, otherRegistrar), DOCTOR_KEY, OTHER_REGISTRAR_KEY),
            IVitalRecords.DeathUnknown.selector
        );
    }

    function test_an_undoing_by_one_organisation_by_two_doctors_or_half_signed_is_refused() public {
        bytes32 digest = died();
        refused(
            undo(undoing(digest, 3, doctor, registrar), DOCTOR_KEY, REGISTRAR_KEY),
            IVitalRecords.OrganisationsAlike.selector
        );
        refused(
            undo(undoing(digest, 3, doctor, farDoctor), DOCTOR_KEY, FAR_DOCTOR_KEY),
            IVitalRecords.RegistrarMissing.selector
        );
        UndoDeathRequest memory request = undoing(digest, 3, doctor, otherRegistrar);
        refused(undo(request, DOCTOR_KEY, DOCTOR_KEY), IRefusals.SignatureInvalid.selector);
        refused(undo(request, OTHER_REGISTRAR_KEY, OTHER_REGISTRAR_KEY), IRefusals.SignatureInvalid.selector);
        request = undoing(digest, 3, vm.addr(NURSE_KEY), registrar);
        refused(undo(request, NURSE_KEY, REGISTRAR_KEY), IVitalRecords.RoleUnfit.selector);
        request = undoing(digest, 4, doctor, otherRegistrar);
        refused(undo(request, DOCTOR_KEY, OTHER_REGISTRAR_KEY), IVitalRecords.StepUnexpected.selector);
        dead();
    }

    function test_a_death_that_was_undone_is_reported_again_and_nothing_of_before_serves_it() public {
        bytes32 digest = died();
        taken(undo(undoing(digest, 3, doctor, otherRegistrar), DOCTOR_KEY, OTHER_REGISTRAR_KEY));
        DeathRequest memory again = death(4, doctor);
        taken(report(again, DOCTOR_KEY));
        refused(confirm(digest, 5, otherRegistrar, OTHER_REGISTRAR_KEY), IVitalRecords.DeathUnknown.selector);
        taken(confirm(digestOf(texts.hash(again)), 5, otherRegistrar, OTHER_REGISTRAR_KEY));
        dead();
    }

    // Wills

    function test_the_newest_will_of_the_living_holds() public {
        taken(setWill(keccak256("first"), 1, PATIENT_KEY));
        bytes32 first = vital.willOf(HANDLE);
        taken(setWill(keccak256("second"), 2, PATIENT_KEY));
        so(vital.willOf(HANDLE) != first, "another");
        same(vital.lifeOf(HANDLE).will, 2);
        refused(setWill(keccak256("first"), 2, PATIENT_KEY), IVitalRecords.StepUnexpected.selector);
    }

    function test_nobody_sets_the_will_of_another_and_nobody_once_a_death_is_reported(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != PATIENT_KEY);
        refused(setWill(keccak256("x"), 1, key), IRefusals.SignatureInvalid.selector);
        reported();
        refused(setWill(keccak256("x"), 1, PATIENT_KEY), IVitalRecords.DeathKnown.selector);
    }

    function test_a_will_stands_through_a_death_and_its_undoing() public {
        taken(setWill(keccak256("first"), 1, PATIENT_KEY));
        bytes32 will = vital.willOf(HANDLE);
        bytes32 digest = died();
        same(vital.willOf(HANDLE), will);
        taken(object(digest, 3, PATIENT_KEY));
        same(vital.willOf(HANDLE), will);
    }

    // Batches

    function test_a_batch_with_a_signature_too_few_is_reverted() public {
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        vital.register(new BirthRequest[](1), new bytes[](0));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        vital.report(new DeathRequest[](1), new bytes[](2));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        vital.confirm(new ConfirmDeath[](1), new bytes[](0));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        vital.undo(new UndoDeathRequest[](1), new bytes[2][](0));
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        vital.setWill(new WillRequest[](1), new bytes[](0));
    }

    function test_one_bad_report_of_a_batch_fails_alone() public {
        DeathRequest[] memory requests = new DeathRequest[](2);
        bytes[] memory signed = new bytes[](2);
        (requests[0], requests[1]) = (death(9, doctor), death(1, doctor));
        for (uint256 i; i < 2; ++i) signed[i] = signature(DOCTOR_KEY, texts.hash(requests[i]));
        vm.recordLogs();
        vital.report(requests, signed);
        bytes4[] memory reasons = outcomes(2);
        refused(reasons[0], IVitalRecords.StepUnexpected.selector);
        taken(reasons[1]);
    }
}
