// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {End, GrantRequest, Grant, Revoke, Terms} from "./RequestTypes.sol";
import {IConsent} from "./interfaces/IConsent.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {Suspension} from "./RequestTypes.sol";
import {World} from "./test/World.t.sol";

/// Grants, their end, and what `check` says of them.
contract ConsentTest is World {
    // Granting

    function test_a_grant_signed_by_its_patient_holds() public {
        bytes32 digest = granted(doctor);
        so(consent.grantOf(HANDLE, digest) == IConsent.GrantState.Active, "state");
        so(may(opening(doctor), doctor, "read", NOW), "check");
    }

    function test_a_grant_is_taken_in_the_last_second_of_its_deadline() public {
        vm.warp(LATER);
        taken(grant(requestOf(opening(doctor)), PATIENT_KEY));
    }

    function test_a_grant_after_its_deadline_is_refused() public {
        GrantRequest memory request = requestOf(opening(doctor));
        vm.warp(LATER + 1);
        refused(grant(request, PATIENT_KEY), IRefusals.DeadlinePassed.selector);
    }

    function test_a_grant_signed_by_another_is_refused(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != PATIENT_KEY);
        refused(grant(requestOf(opening(doctor)), key), IRefusals.SignatureInvalid.selector);
    }

    function test_a_grant_signed_by_another_patient_is_refused() public {
        refused(grant(requestOf(opening(doctor)), OTHER_PATIENT_KEY), IRefusals.SignatureInvalid.selector);
    }

    function test_a_grant_signed_by_a_doctor_for_themselves_is_refused() public {
        refused(grant(requestOf(opening(doctor)), DOCTOR_KEY), IRefusals.SignatureInvalid.selector);
    }

    function test_a_grant_on_a_handle_of_no_one_is_refused(bytes32 handle) public {
        vm.assume(handle != HANDLE && handle != OTHER_HANDLE);
        Grant memory grant_ = opening(doctor);
        grant_.handle = handle;
        refused(grant(requestOf(grant_), PATIENT_KEY), IConsent.HandleUnknown.selector);
    }

    function test_a_grant_of_a_suspended_patient_is_refused() public {
        taken(suspend(Suspension(patient, true, 1, LATER), quorum(authorityKeys)));
        refused(grant(requestOf(opening(doctor)), PATIENT_KEY), IRefusals.PartyIsSuspended.selector);
    }

    function test_a_grant_before_any_epoch_is_committed_is_refused() public {
        bytes32 handle = keccak256("new");
        uint256 key = 0x11E;
        taken(enrol(enrolment(vm.addr(key), PATIENT, handle), quorum(authorityKeys)));
        Grant memory grant_ = opening(doctor);
        grant_.handle = handle;
        refused(grant(requestOf(grant_), key), IConsent.EpochsUncommitted.selector);
    }

    function test_a_grant_is_made_once() public {
        granted(doctor);
        refused(grant(requestOf(opening(doctor)), PATIENT_KEY), IConsent.GrantKnown.selector);
    }

    function test_a_grant_that_ended_can_not_be_made_again() public {
        bytes32 digest = granted(doctor);
        taken(revoke(Revoke(HANDLE, digest, 2, 0, LATER), PATIENT_KEY));
        refused(grant(requestOf(opening(doctor)), PATIENT_KEY), IConsent.GrantKnown.selector);
        so(!may(opening(doctor), doctor, "read", NOW), "it stays ended");
    }

    function test_a_signature_over_other_terms_is_refused(bytes32 other) public {
        GrantRequest memory request = requestOf(opening(doctor));
        vm.assume(other != request.termsHash);
        bytes memory signed = signature(PATIENT_KEY, hashes.hash(request));
        request.termsHash = other;
        refused(grant(request, signed), IRefusals.SignatureInvalid.selector);
    }

    function test_a_signature_over_another_deadline_is_refused(uint64 deadline) public {
        vm.assume(deadline >= NOW && deadline != LATER);
        GrantRequest memory request = requestOf(opening(doctor));
        bytes memory signed = signature(PATIENT_KEY, hashes.hash(request));
        request.deadline = deadline;
        refused(grant(request, signed), IRefusals.SignatureInvalid.selector);
    }

    function test_a_signature_for_another_network_is_refused(bytes32 other) public {
        vm.assume(other != separator());
        GrantRequest memory request = requestOf(opening(doctor));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", other, hashes.hash(request)));
        refused(grant(request, rawSignature(PATIENT_KEY, digest)), IRefusals.SignatureInvalid.selector);
    }

    function test_a_signature_with_high_s_is_refused() public {
        GrantRequest memory request = requestOf(opening(doctor));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PATIENT_KEY, digestOf(hashes.hash(request)));
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        bytes memory high = abi.encodePacked(r, bytes32(order - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        refused(grant(request, high), IRefusals.SignatureInvalid.selector);
    }

    function test_a_signature_of_another_length_is_refused(bytes calldata bytes_) public {
        vm.assume(bytes_.length != 65);
        refused(grant(requestOf(opening(doctor)), bytes_), IRefusals.SignatureInvalid.selector);
    }

    function test_a_signature_with_bytes_after_it_is_refused() public {
        GrantRequest memory request = requestOf(opening(doctor));
        bytes memory longer = bytes.concat(signature(PATIENT_KEY, hashes.hash(request)), hex"00");
        refused(grant(request, longer), IRefusals.SignatureInvalid.selector);
    }

    function test_a_compact_signature_is_refused() public {
        GrantRequest memory request = requestOf(opening(doctor));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PATIENT_KEY, digestOf(hashes.hash(request)));
        bytes memory compact = abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
        refused(grant(request, compact), IRefusals.SignatureInvalid.selector);
    }

    function test_any_65_bytes_are_refused(bytes32 r, bytes32 s, uint8 v) public {
        bytes memory signed = abi.encodePacked(r, s, v);
        refused(grant(requestOf(opening(doctor)), signed), IRefusals.SignatureInvalid.selector);
    }

    // Revoking

    function test_a_revoke_ends_the_grant_and_begins_the_next_epoch() public {
        bytes32 digest = granted(doctor);
        taken(revoke(Revoke(HANDLE, digest, 2, keccak256("packets"), LATER), PATIENT_KEY));
        so(consent.grantOf(HANDLE, digest) == IConsent.GrantState.Ended, "state");
        so(!may(opening(doctor), doctor, "read", NOW), "check");
        (uint64 epoch, , , ) = consent.epochOf(HANDLE);
        same(epoch, 2);
    }

    function test_a_revoke_leaves_other_grants_as_they_are() public {
        bytes32 digest = granted(doctor);
        granted(otherDoctor);
        taken(revoke(Revoke(HANDLE, digest, 2, 0, LATER), PATIENT_KEY));
        so(may(opening(otherDoctor), otherDoctor, "read", NOW), "check");
    }

    function test_a_revoke_after_its_deadline_is_refused() public {
        Revoke memory request = Revoke(HANDLE, granted(doctor), 2, 0, LATER);
        vm.warp(LATER + 1);
        refused(revoke(request, PATIENT_KEY), IRefusals.DeadlinePassed.selector);
    }

    function test_a_revoke_signed_by_another_is_refused(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != PATIENT_KEY);
        Revoke memory request = Revoke(HANDLE, granted(doctor), 2, 0, LATER);
        refused(revoke(request, key), IRefusals.SignatureInvalid.selector);
    }

    function test_a_revoke_by_the_grantee_is_refused() public {
        Revoke memory request = Revoke(HANDLE, granted(doctor), 2, 0, LATER);
        refused(revoke(request, DOCTOR_KEY), IRefusals.SignatureInvalid.selector);
    }

    function test_a_revoke_of_a_grant_that_was_never_made_is_refused(bytes32 digest) public {
        refused(revoke(Revoke(HANDLE, digest, 2, 0, LATER), PATIENT_KEY), IConsent.GrantUnknown.selector);
    }

    function test_a_revoke_of_another_patients_grant_is_refused() public {
        Revoke memory request = Revoke(OTHER_HANDLE, granted(doctor), 2, 0, LATER);
        refused(revoke(request, OTHER_PATIENT_KEY), IConsent.GrantUnknown.selector);
        so(may(opening(doctor), doctor, "read", NOW), "it stays");
    }

    function test_a_second_revoke_is_refused_and_begins_no_epoch() public {
        bytes32 digest = granted(doctor);
        taken(revoke(Revoke(HANDLE, digest, 2, 0, LATER), PATIENT_KEY));
        refused(revoke(Revoke(HANDLE, digest, 3, 0, LATER), PATIENT_KEY), IConsent.GrantEnded.selector);
        refused(revoke(Revoke(HANDLE, digest, 2, 0, LATER), PATIENT_KEY), IConsent.GrantEnded.selector);
        (uint64 epoch, , , ) = consent.epochOf(HANDLE);
        same(epoch, 2);
    }

    function test_a_revoke_into_any_epoch_but_the_next_is_refused(uint64 epoch) public {
        vm.assume(epoch != 2);
        bytes32 digest = granted(doctor);
        Revoke memory request = Revoke(HANDLE, digest, epoch, 0, LATER);
        refused(revoke(request, PATIENT_KEY), IConsent.EpochUnexpected.selector);
        so(consent.grantOf(HANDLE, digest) == IConsent.GrantState.Active, "it stays");
    }

    function test_a_revoke_by_a_suspended_patient_is_refused() public {
        Revoke memory request = Revoke(HANDLE, granted(doctor), 2, 0, LATER);
        taken(suspend(Suspension(patient, true, 1, LATER), quorum(authorityKeys)));
        refused(revoke(request, PATIENT_KEY), IRefusals.PartyIsSuspended.selector);
    }

    // Ending without an epoch

    function test_an_end_ends_the_grant_and_leaves_the_epoch() public {
        bytes32 digest = granted(doctor);
        taken(endGrant(End(HANDLE, digest, LATER), PATIENT_KEY));
        so(consent.grantOf(HANDLE, digest) == IConsent.GrantState.Ended, "state");
        so(!may(opening(doctor), doctor, "read", NOW), "check");
        (uint64 epoch, , , ) = consent.epochOf(HANDLE);
        same(epoch, 1);
    }

    function test_an_end_leaves_other_grants_as_they_are() public {
        bytes32 digest = granted(doctor);
        granted(otherDoctor);
        taken(endGrant(End(HANDLE, digest, LATER), PATIENT_KEY));
        so(may(opening(otherDoctor), otherDoctor, "read", NOW), "check");
    }

    function test_an_end_is_taken_whatever_epoch_began_since_it_was_signed() public {
        bytes32 digest = granted(doctor);
        End memory request = End(HANDLE, digest, LATER);
        taken(revoke(Revoke(HANDLE, granted(otherDoctor), 2, 0, LATER), PATIENT_KEY));
        taken(endGrant(request, PATIENT_KEY));
        so(consent.grantOf(HANDLE, digest) == IConsent.GrantState.Ended, "state");
    }

    function test_an_end_after_its_deadline_is_refused() public {
        End memory request = End(HANDLE, granted(doctor), LATER);
        vm.warp(LATER + 1);
        refused(endGrant(request, PATIENT_KEY), IRefusals.DeadlinePassed.selector);
    }

    function test_an_end_signed_by_another_is_refused(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != PATIENT_KEY);
        refused(endGrant(End(HANDLE, granted(doctor), LATER), key), IRefusals.SignatureInvalid.selector);
    }

    function test_an_end_of_a_grant_that_was_never_made_is_refused(bytes32 digest) public {
        refused(endGrant(End(HANDLE, digest, LATER), PATIENT_KEY), IConsent.GrantUnknown.selector);
    }

    function test_an_end_of_another_patients_grant_is_refused() public {
        End memory request = End(OTHER_HANDLE, granted(doctor), LATER);
        refused(endGrant(request, OTHER_PATIENT_KEY), IConsent.GrantUnknown.selector);
        so(may(opening(doctor), doctor, "read", NOW), "it stays");
    }

    function test_an_end_that_is_sent_again_is_refused() public {
        bytes32 digest = granted(doctor);
        taken(endGrant(End(HANDLE, digest, LATER), PATIENT_KEY));
        refused(endGrant(End(HANDLE, digest, LATER), PATIENT_KEY), IConsent.GrantEnded.selector);
        refused(revoke(Revoke(HANDLE, digest, 2, 0, LATER), PATIENT_KEY), IConsent.GrantEnded.selector);
    }

    function test_an_end_of_what_a_revoke_ended_is_refused() public {
        bytes32 digest = granted(doctor);
        taken(revoke(Revoke(HANDLE, digest, 2, 0, LATER), PATIENT_KEY));
        refused(endGrant(End(HANDLE, digest, LATER), PATIENT_KEY), IConsent.GrantEnded.selector);
    }

    function test_an_end_by_a_suspended_patient_is_refused() public {
        End memory request = End(HANDLE, granted(doctor), LATER);
        taken(suspend(Suspension(patient, true, 1, LATER), quorum(authorityKeys)));
        refused(endGrant(request, PATIENT_KEY), IRefusals.PartyIsSuspended.selector);
    }

    function test_the_signature_of_a_revoke_is_none_of_an_end() public {
        bytes32 digest = granted(doctor);
        End[] memory requests = new End[](1);
        requests[0] = End(HANDLE, digest, LATER);
        bytes memory signed = signature(PATIENT_KEY, hashes.hash(Revoke(HANDLE, digest, 2, 0, LATER)));
        vm.recordLogs();
        consent.end(requests, one(signed));
        refused(outcome(), IRefusals.SignatureInvalid.selector);
    }

    // Checking

    function test_check_gives_each_action_that_the_terms_give_and_no_other(
        bool read,
        bool add,
        bool amend
    ) public {
        Grant memory grant_ = opening(doctor);
        (grant_.terms.read, grant_.terms.add, grant_.terms.amend) = (read, add, amend);
        taken(grant(requestOf(grant_), PATIENT_KEY));
        so(may(grant_, doctor, "read", NOW) == read, "read");
        so(may(grant_, doctor, "add", NOW) == add, "add");
        so(may(grant_, doctor, "amend", NOW) == amend, "amend");
    }

    function test_check_denies_an_action_that_is_not_one(string calldata action) public {
        bytes32 hash = keccak256(bytes(action));
        vm.assume(hash != keccak256("read") && hash != keccak256("add") && hash != keccak256("amend"));
        Grant memory grant_ = opening(doctor);
        (grant_.terms.read, grant_.terms.add, grant_.terms.amend) = (true, true, true);
        taken(grant(requestOf(grant_), PATIENT_KEY));
        so(!may(grant_, doctor, action, NOW), "check");
    }

    function test_check_denies_before_the_first_second_and_from_the_last_on(uint64 moment) public {
        Grant memory grant_ = opening(doctor);
        granted(doctor);
        so(!may(grant_, doctor, "read", grant_.terms.from - 1), "before");
        so(may(grant_, doctor, "read", grant_.terms.from), "first second");
        so(may(grant_, doctor, "read", grant_.terms.until - 1), "last second");
        so(!may(grant_, doctor, "read", grant_.terms.until), "over");
        bool inside = moment >= grant_.terms.from && moment < grant_.terms.until;
        so(may(grant_, doctor, "read", moment) == inside, "any");
    }

    function test_check_denies_a_right_whose_time_is_empty(uint64 from, uint64 until, uint64 moment) public {
        vm.assume(until <= from);
        Grant memory grant_ = opening(doctor);
        (grant_.terms.from, grant_.terms.until) = (from, until);
        taken(grant(requestOf(grant_), PATIENT_KEY));
        so(!may(grant_, doctor, "read", moment), "check");
    }

    // @attack such a grant is sent to the ledger past every node | the contract's `check` says no
    function test_check_denies_a_right_that_is_longer_than_the_networks_longest(
        uint64 from,
        uint64 until,
        uint64 moment
    ) public {
        Grant memory grant_ = opening(doctor);
        (grant_.terms.from, grant_.terms.until) = (from, until);
        taken(grant(requestOf(grant_), PATIENT_KEY));
        bool holds = from <= moment && moment < until && until - from <= LONGEST_RIGHT;
        so(may(grant_, doctor, "read", moment) == holds, "any");
    }

    function test_check_allows_the_longest_right_and_denies_one_second_more(uint64 moment) public {
        Grant memory grant_ = opening(doctor);
        grant_.terms.until = NOW + LONGEST_RIGHT;
        taken(grant(requestOf(grant_), PATIENT_KEY));
        so(may(grant_, doctor, "read", NOW + LONGEST_RIGHT - 1), "the longest");
        ++grant_.terms.until;
        taken(grant(requestOf(grant_), PATIENT_KEY));
        so(!may(grant_, doctor, "read", moment), "one second more");
        so(!may(grant_, doctor, "read", NOW), "one second more, now");
    }

    function test_check_denies_a_right_whose_end_is_in_milliseconds(uint64 moment) public {
        Grant memory grant_ = opening(doctor);
        grant_.terms.until = (NOW + 30 days) * 1000;
        taken(grant(requestOf(grant_), PATIENT_KEY));
        so(!may(grant_, doctor, "read", NOW), "now");
        so(!may(grant_, doctor, "read", moment), "ever");
    }

    function test_check_denies_a_right_to_no_action(string calldata action) public {
        Grant memory grant_ = opening(doctor);
        (grant_.terms.read, grant_.terms.add, grant_.terms.amend) = (false, false, false);
        taken(grant(requestOf(grant_), PATIENT_KEY));
        so(!may(grant_, doctor, action, NOW), "any");
        so(!may(grant_, doctor, "read", NOW), "read");
    }

    function test_the_longest_right_is_told() public view {
        same(consent.longestRight(), LONGEST_RIGHT);
    }

    function test_check_denies_every_category_that_is_not_among_the_terms(string calldata category) public {
        bytes32 hash = keccak256(bytes(category));
        vm.assume(hash != keccak256("laboratory") && hash != keccak256("medications"));
        granted(doctor);
        so(!consent.check(opening(doctor), doctor, "read", category, RECORD, "TREAT", NOW), "check");
    }

    function test_check_denies_a_right_to_no_category() public {
        Grant memory grant_ = opening(doctor);
        grant_.terms.categories = new string[](0);
        taken(grant(requestOf(grant_), PATIENT_KEY));
        so(!may(grant_, doctor, "read", NOW), "check");
        so(!consent.check(grant_, doctor, "read", "", RECORD, "TREAT", NOW), "no category at all");
    }

    function test_check_denies_every_purpose_but_that_of_the_terms(string calldata purpose) public {
        vm.assume(keccak256(bytes(purpose)) != keccak256("TREAT"));
        granted(doctor);
        so(!consent.check(opening(doctor), doctor, "read", "laboratory", RECORD, purpose, NOW), "check");
    }

    function test_check_denies_every_record_but_the_one_of_the_terms(bytes32 record) public {
        vm.assume(record != RECORD);
        Grant memory grant_ = opening(doctor);
        grant_.terms.record = RECORD;
        taken(grant(requestOf(grant_), PATIENT_KEY));
        so(consent.check(grant_, doctor, "read", "laboratory", RECORD, "TREAT", NOW), "the one");
        so(!consent.check(grant_, doctor, "read", "laboratory", record, "TREAT", NOW), "another");
    }

    function test_check_denies_everyone_but_the_grantee(address party) public {
        vm.assume(party != doctor);
        granted(doctor);
        so(!may(opening(doctor), party, "read", NOW), "check");
    }

    function test_check_denies_a_grantee_whom_no_one_enrolled(address party) public {
        vm.assume(!registry.isActive(party));
        taken(grant(requestOf(opening(party)), PATIENT_KEY));
        so(!may(opening(party), party, "read", NOW), "check");
    }

    function test_check_denies_a_suspended_grantee_until_it_is_lifted() public {
        granted(doctor);
        taken(suspend(Suspension(doctor, true, 1, LATER), quorum(authorityKeys)));
        so(!may(opening(doctor), doctor, "read", NOW), "suspended");
        taken(suspend(Suspension(doctor, false, 2, LATER), quorum(authorityKeys)));
        so(may(opening(doctor), doctor, "read", NOW), "lifted");
    }

    function test_rights_that_stood_go_on_while_the_patient_is_suspended() public {
        granted(doctor);
        taken(suspend(Suspension(patient, true, 1, LATER), quorum(authorityKeys)));
        so(!may(opening(patient), patient, "read", NOW), "the patient");
        so(may(opening(doctor), doctor, "read", NOW), "check");
    }

    function test_check_denies_an_opening_that_was_never_granted(bytes16 salt) public {
        Grant memory grant_ = opening(doctor);
        granted(doctor);
        vm.assume(salt != grant_.terms.salt);
        grant_.terms.salt = salt;
        so(!may(grant_, doctor, "read", NOW), "check");
    }

    function test_check_denies_an_opening_of_another_handle() public {
        granted(doctor);
        Grant memory grant_ = opening(doctor);
        grant_.handle = OTHER_HANDLE;
        so(!may(grant_, doctor, "read", NOW), "check");
    }

    function test_check_denies_terms_widened_after_they_were_granted(
        uint64 until,
        string calldata category
    ) public {
        Grant memory grant_ = opening(doctor);
        granted(doctor);
        if (until != grant_.terms.until) {
            grant_.terms.until = until;
            so(!may(grant_, doctor, "read", NOW), "longer");
            grant_ = opening(doctor);
        }
        grant_.terms.amend = true;
        so(!may(grant_, doctor, "amend", NOW), "more actions");
        grant_ = opening(doctor);
        string[] memory more = new string[](3);
        (more[0], more[1], more[2]) = ("laboratory", "medications", category);
        grant_.terms.categories = more;
        so(!consent.check(grant_, doctor, "read", category, RECORD, "TREAT", NOW), "more categories");
    }

    function test_two_categories_are_not_one_with_both_names() public {
        Grant memory grant_ = opening(doctor);
        granted(doctor);
        string[] memory joined = new string[](1);
        joined[0] = "laboratorymedications";
        grant_.terms.categories = joined;
        so(!consent.check(grant_, doctor, "read", joined[0], RECORD, "TREAT", NOW), "check");
    }
}
