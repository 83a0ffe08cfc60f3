// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Grant, KeyChange, Recovery, Suspension, Veto} from "./RequestTypes.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {World} from "./test/World.t.sol";

/// Changes of a party's key and recipient: with the present key, or by recovery.
contract KeysTest is World {
    uint256 private constant NEW_KEY = 0x9E3;
    uint256 private constant NEWER_KEY = 0x9E4;
    bytes32 private constant RECIPIENT = keccak256("new recipient");

    function change(uint64 number) private view returns (KeyChange memory) {
        return KeyChange(patient, vm.addr(NEW_KEY), RECIPIENT, number, LATER);
    }

    function recovery(uint64 number) private view returns (Recovery memory) {
        return Recovery(patient, vm.addr(NEW_KEY), RECIPIENT, number, LATER);
    }

    function begun() private {
        taken(recover(recovery(1), quorum(authorityKeys)));
    }

    function unchanged() private view {
        same(registry.signerOf(patient), patient);
        same(registry.party(patient).recipient, keccak256("recipient"));
    }

    function changed() private view {
        same(registry.signerOf(patient), vm.addr(NEW_KEY));
        same(registry.party(patient).recipient, RECIPIENT);
    }

    // With the present key

    function test_the_present_key_and_the_new_one_together_change_the_key() public {
        taken(changeKey(change(1), PATIENT_KEY, NEW_KEY));
        changed();
        same(registry.controllerOf(HANDLE), patient);
    }

    function test_after_a_change_the_new_key_signs_and_the_old_one_no_longer() public {
        taken(changeKey(change(1), PATIENT_KEY, NEW_KEY));
        refused(grant(requestOf(opening(doctor)), PATIENT_KEY), IRefusals.SignatureInvalid.selector);
        taken(grant(requestOf(opening(doctor)), NEW_KEY));
    }

    function test_a_recipient_alone_can_change() public {
        taken(changeKey(KeyChange(patient, patient, RECIPIENT, 1, LATER), PATIENT_KEY, PATIENT_KEY));
        same(registry.signerOf(patient), patient);
        same(registry.party(patient).recipient, RECIPIENT);
    }

    function test_a_party_can_return_to_a_key_of_its_own() public {
        taken(changeKey(change(1), PATIENT_KEY, NEW_KEY));
        taken(changeKey(KeyChange(patient, patient, RECIPIENT, 2, LATER), NEW_KEY, PATIENT_KEY));
        taken(changeKey(change(3), PATIENT_KEY, NEW_KEY));
        changed();
    }

    function test_a_change_without_the_present_key_is_refused(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != PATIENT_KEY);
        refused(changeKey(change(1), key, NEW_KEY), IRefusals.SignatureInvalid.selector);
        unchanged();
    }

    function test_a_change_without_the_new_key_is_refused(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != NEW_KEY);
        refused(changeKey(change(1), PATIENT_KEY, key), IRefusals.SignatureInvalid.selector);
        unchanged();
    }

    function test_a_change_is_not_taken_twice() public {
        taken(changeKey(change(1), PATIENT_KEY, NEW_KEY));
        taken(changeKey(KeyChange(patient, patient, RECIPIENT, 2, LATER), NEW_KEY, PATIENT_KEY));
        refused(changeKey(change(1), PATIENT_KEY, NEW_KEY), IRegistry.ChangeUnexpected.selector);
    }

    function test_a_change_numbered_otherwise_than_the_next_is_refused(uint64 number) public {
        vm.assume(number != 1);
        refused(changeKey(change(number), PATIENT_KEY, NEW_KEY), IRegistry.ChangeUnexpected.selector);
    }

    function test_a_change_after_its_deadline_is_refused() public {
        vm.warp(LATER + 1);
        refused(changeKey(change(1), PATIENT_KEY, NEW_KEY), IRefusals.DeadlinePassed.selector);
    }

    function test_a_suspended_party_can_not_change_its_key() public {
        taken(suspend(Suspension(patient, true, 1, LATER), quorum(authorityKeys)));
        refused(changeKey(change(1), PATIENT_KEY, NEW_KEY), IRefusals.PartyIsSuspended.selector);
    }

    function test_whoever_is_no_party_can_not_change_a_key() public {
        KeyChange memory request = KeyChange(vm.addr(STRANGER_KEY), vm.addr(NEW_KEY), 0, 1, LATER);
        refused(changeKey(request, STRANGER_KEY, NEW_KEY), IRefusals.PartyUnknown.selector);
    }

    function test_another_partys_address_is_refused_as_a_key() public {
        KeyChange memory request = KeyChange(patient, doctor, RECIPIENT, 1, LATER);
        refused(changeKey(request, PATIENT_KEY, DOCTOR_KEY), IRegistry.AddressTaken.selector);
    }

    function test_another_partys_later_key_is_refused_as_a_key_even_after_it_was_given_up() public {
        taken(changeKey(KeyChange(doctor, vm.addr(NEW_KEY), 0, 1, LATER), DOCTOR_KEY, NEW_KEY));
        refused(changeKey(change(1), PATIENT_KEY, NEW_KEY), IRegistry.AddressTaken.selector);
        taken(changeKey(KeyChange(doctor, doctor, 0, 2, LATER), NEW_KEY, DOCTOR_KEY));
        refused(changeKey(change(1), PATIENT_KEY, NEW_KEY), IRegistry.AddressTaken.selector);
    }

    function test_a_partys_later_key_can_not_be_enrolled_as_another_party() public {
        taken(changeKey(change(1), PATIENT_KEY, NEW_KEY));
        refused(
            enrol(enrolment(vm.addr(NEW_KEY), 2, 0), quorum(authorityKeys)),
            IRegistry.AddressTaken.selector
        );
    }

    // @actor a stolen phone | to change the key before it is suspended
    function test_whoever_stole_a_key_can_not_change_it_faster_than_it_is_suspended() public {
        taken(changeKey(change(1), PATIENT_KEY, NEW_KEY));
        taken(suspend(Suspension(patient, true, 1, LATER), quorum(authorityKeys)));
        KeyChange memory again = KeyChange(patient, vm.addr(NEWER_KEY), RECIPIENT, 2, LATER);
        refused(changeKey(again, NEW_KEY, NEWER_KEY), IRefusals.PartyIsSuspended.selector);
    }

    // By recovery

    function test_a_recovery_takes_effect_after_the_delay() public {
        begun();
        unchanged();
        vm.warp(NOW + DELAY);
        taken(finishRecovery(patient));
        changed();
        taken(commitAgain(NEW_KEY));
    }

    function test_a_recovery_is_seen_while_it_is_under_way() public {
        begun();
        IRegistry.PendingRecovery memory pending = registry.recoveryOf(patient);
        same(pending.signer, vm.addr(NEW_KEY));
        same(pending.recipient, RECIPIENT);
        same(pending.readyAt, NOW + DELAY);
        same(pending.change, 1);
    }

    function test_until_a_recovery_is_finished_the_old_key_signs_and_the_new_one_does_not() public {
        begun();
        vm.warp(NOW + DELAY);
        refused(commitAgain(NEW_KEY), IRefusals.SignatureInvalid.selector);
        taken(commitAgain(PATIENT_KEY));
    }

    function test_a_recovery_can_not_be_finished_a_second_early(uint32 moment) public {
        begun();
        vm.warp(NOW + within(moment, 0, DELAY - 1));
        refused(finishRecovery(patient), IRegistry.ChangeEarly.selector);
        unchanged();
    }

    function test_a_recovery_is_finished_once() public {
        begun();
        vm.warp(NOW + DELAY);
        taken(finishRecovery(patient));
        refused(finishRecovery(patient), IRegistry.ChangeUnknown.selector);
    }

    function test_no_recovery_is_finished_that_was_not_begun(address party) public {
        refused(finishRecovery(party), IRegistry.ChangeUnknown.selector);
    }

    function test_the_present_key_stops_a_recovery() public {
        begun();
        vm.warp(LATER);
        taken(veto(Veto(patient, LATER), PATIENT_KEY));
        vm.warp(NOW + DELAY);
        refused(finishRecovery(patient), IRegistry.ChangeUnknown.selector);
        unchanged();
    }

    function test_a_change_of_key_stops_a_recovery() public {
        begun();
        KeyChange memory request = KeyChange(patient, vm.addr(NEWER_KEY), RECIPIENT, 2, LATER);
        taken(changeKey(request, PATIENT_KEY, NEWER_KEY));
        vm.warp(NOW + DELAY);
        refused(finishRecovery(patient), IRegistry.ChangeUnknown.selector);
        same(registry.signerOf(patient), vm.addr(NEWER_KEY));
    }

    function test_a_recovery_can_not_be_begun_again_with_the_same_signatures() public {
        begun();
        refused(recover(recovery(1), quorum(authorityKeys)), IRegistry.ChangeUnexpected.selector);
        taken(veto(Veto(patient, LATER), PATIENT_KEY));
        refused(recover(recovery(1), quorum(authorityKeys)), IRegistry.ChangeUnexpected.selector);
    }

    function test_a_new_recovery_replaces_the_one_under_way_and_begins_the_delay_anew() public {
        begun();
        vm.warp(LATER);
        Recovery memory request = Recovery(patient, vm.addr(NEWER_KEY), RECIPIENT, 2, LATER);
        taken(recover(request, quorum(authorityKeys)));
        vm.warp(NOW + DELAY);
        refused(finishRecovery(patient), IRegistry.ChangeEarly.selector);
        vm.warp(LATER + DELAY);
        taken(finishRecovery(patient));
        same(registry.signerOf(patient), vm.addr(NEWER_KEY));
    }

    // @actor one member of the authority | to recover somebody's key
    function test_one_member_alone_recovers_no_one() public {
        refused(recover(recovery(1), pick(authorityKeys, 2)), IRefusals.QuorumMissing.selector);
    }

    function test_coordinators_recover_no_one() public {
        refused(recover(recovery(1), quorum(coordinatorKeys)), IRefusals.SeatMissing.selector);
    }

    function test_a_recovery_of_no_party_is_refused() public {
        Recovery memory request = Recovery(vm.addr(STRANGER_KEY), vm.addr(NEW_KEY), 0, 1, LATER);
        refused(recover(request, quorum(authorityKeys)), IRefusals.PartyUnknown.selector);
    }

    function test_a_recovery_to_no_key_or_another_partys_is_refused() public {
        Recovery memory request = recovery(1);
        request.signer = address(0);
        refused(recover(request, quorum(authorityKeys)), IRegistry.AddressTaken.selector);
        request.signer = doctor;
        refused(recover(request, quorum(authorityKeys)), IRegistry.AddressTaken.selector);
    }

    function test_a_recovery_whose_key_became_another_partys_is_not_finished() public {
        begun();
        taken(enrol(enrolment(vm.addr(NEW_KEY), 2, 0), quorum(authorityKeys)));
        vm.warp(NOW + DELAY);
        refused(finishRecovery(patient), IRegistry.AddressTaken.selector);
        unchanged();
    }

    function test_a_recovery_after_its_deadline_is_refused() public {
        vm.warp(LATER + 1);
        refused(recover(recovery(1), quorum(authorityKeys)), IRefusals.DeadlinePassed.selector);
    }

    function test_a_veto_by_another_is_refused(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != PATIENT_KEY);
        begun();
        refused(veto(Veto(patient, LATER), key), IRefusals.SignatureInvalid.selector);
    }

    function test_a_veto_by_the_key_to_come_is_refused() public {
        begun();
        refused(veto(Veto(patient, LATER), NEW_KEY), IRefusals.SignatureInvalid.selector);
    }

    function test_a_veto_of_another_party_stops_nothing_of_this_one() public {
        begun();
        refused(veto(Veto(doctor, LATER), DOCTOR_KEY), IRegistry.ChangeUnknown.selector);
        refused(veto(Veto(doctor, LATER), PATIENT_KEY), IRegistry.ChangeUnknown.selector);
        refused(veto(Veto(vm.addr(STRANGER_KEY), LATER), STRANGER_KEY), IRefusals.PartyUnknown.selector);
        vm.warp(NOW + DELAY);
        taken(finishRecovery(patient));
        changed();
    }

    function test_a_second_recovery_does_not_outrun_a_veto_which_names_no_number() public {
        begun();
        Veto memory request = Veto(patient, LATER);
        taken(recover(recovery(2), quorum(authorityKeys)));
        taken(veto(request, PATIENT_KEY));
        taken(recover(recovery(3), quorum(authorityKeys)));
        taken(veto(request, PATIENT_KEY));
        vm.warp(NOW + DELAY);
        refused(finishRecovery(patient), IRegistry.ChangeUnknown.selector);
        unchanged();
    }

    function test_a_veto_does_not_stop_a_recovery_that_begins_after_its_deadline() public {
        begun();
        Veto memory request = Veto(patient, LATER);
        taken(veto(request, PATIENT_KEY));
        vm.warp(LATER + 1);
        Recovery memory second = Recovery(patient, vm.addr(NEW_KEY), RECIPIENT, 2, LATER + 1);
        taken(recover(second, quorum(authorityKeys)));
        refused(veto(request, PATIENT_KEY), IRefusals.DeadlinePassed.selector);
        vm.warp(LATER + 1 + DELAY);
        taken(finishRecovery(patient));
        changed();
    }

    function test_a_veto_without_a_recovery_is_refused() public {
        refused(veto(Veto(patient, LATER), PATIENT_KEY), IRegistry.ChangeUnknown.selector);
    }

    function test_a_veto_after_the_recovery_was_finished_is_refused_with_the_former_key_and_the_new_one()
        public
    {
        begun();
        vm.warp(NOW + DELAY);
        taken(finishRecovery(patient));
        Veto memory request = Veto(patient, uint64(NOW + DELAY));
        refused(veto(request, PATIENT_KEY), IRegistry.ChangeUnknown.selector);
        refused(veto(request, NEW_KEY), IRegistry.ChangeUnknown.selector);
        changed();
    }

    function test_a_former_key_vetoes_no_later_recovery() public {
        taken(changeKey(change(1), PATIENT_KEY, NEW_KEY));
        Recovery memory request = Recovery(patient, vm.addr(NEWER_KEY), RECIPIENT, 2, LATER);
        taken(recover(request, quorum(authorityKeys)));
        refused(veto(Veto(patient, LATER), PATIENT_KEY), IRefusals.SignatureInvalid.selector);
        taken(veto(Veto(patient, LATER), NEW_KEY));
    }

    function test_a_veto_after_its_deadline_is_refused() public {
        begun();
        vm.warp(LATER + 1);
        refused(veto(Veto(patient, LATER), PATIENT_KEY), IRefusals.DeadlinePassed.selector);
    }

    // A suspension must not take from its party the one word that stops a recovery: then k seats alone would take over a key.
    function test_a_suspended_party_stops_a_recovery_too() public {
        taken(suspend(Suspension(patient, true, 1, LATER), quorum(authorityKeys)));
        begun();
        taken(veto(Veto(patient, LATER), PATIENT_KEY));
        vm.warp(NOW + DELAY);
        refused(finishRecovery(patient), IRegistry.ChangeUnknown.selector);
        unchanged();
        so(!registry.isActive(patient), "still suspended");
    }

    function test_a_recovery_of_a_suspended_party_leaves_it_suspended() public {
        begun();
        taken(suspend(Suspension(patient, true, 1, LATER), quorum(authorityKeys)));
        vm.warp(NOW + DELAY);
        taken(finishRecovery(patient));
        changed();
        so(!registry.isActive(patient), "still suspended");
        refused(commitAgain(NEW_KEY), IRefusals.PartyIsSuspended.selector);
    }

    function commitAgain(uint256 key) private returns (bytes4) {
        Grant memory grant_ = opening(doctor);
        grant_.deadline = type(uint64).max;
        return grant(requestOf(grant_), key);
    }
}
