// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    Advance,
    Checkpoint,
    CommitEpochs,
    Enrolment,
    Grant,
    GrantRequest,
    KeyChange,
    Revoke,
    Suspension
} from "./RequestTypes.sol";
import {IConsent} from "./interfaces/IConsent.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {Vm} from "./test/Vm.t.sol";
import {World} from "./test/World.t.sol";

/// Faults that were found in other health-record contracts, each named after where it was: none of them is here.
contract PeerBugsTest is World {
    // MedRec

    // @peer MedRec: anyone switched a custodian on or off | refused
    function test_MedRec_anyone_could_switch_a_custodian_on_or_off(address sender, uint256 key) public {
        // That is nobody's address: it has a dry run.
        vm.assume(sender != address(0));
        uint256[] memory keys = new uint256[](1);
        keys[0] = within(key, 1, type(uint128).max);
        vm.startPrank(sender);
        so(suspend(Suspension(doctor, true, 1, LATER), keys) != 0, "suspended by anyone");
        so(registry.isActive(doctor), "active");
    }

    // @peer MedRec: anyone set a provider's name and address | refused
    function test_MedRec_anyone_could_set_a_providers_name_and_address(address sender, uint256 key) public {
        // That is nobody's address: it has a dry run.
        vm.assume(sender != address(0));
        key = within(key, 1, type(uint128).max);
        vm.assume(key != DOCTOR_KEY);
        vm.startPrank(sender);
        KeyChange memory change = KeyChange(doctor, vm.addr(key), 0, 1, LATER);
        so(changeKey(change, key, key) != 0, "changed by anyone");
        same(registry.signerOf(doctor), doctor);
    }

    // @peer MedRec: removing a viewer who is not there removed the last one | refused
    function test_MedRec_removing_a_viewer_who_is_not_there_removed_the_last_one() public {
        granted(doctor);
        granted(otherDoctor);
        bytes32 absent = grantDigest(opening(address(0xAB5E)));
        refused(revoke(Revoke(HANDLE, absent, 2, 0, LATER), PATIENT_KEY), IConsent.GrantUnknown.selector);
        so(may(opening(doctor), doctor, "read", NOW), "doctor");
        so(may(opening(otherDoctor), otherDoctor, "read", NOW), "other doctor");
    }

    // @peer MedRec: removing access left the viewer's entry behind | the end is whole
    function test_MedRec_removing_access_left_the_viewers_entry_behind() public {
        bytes32 digest = granted(doctor);
        taken(revoke(Revoke(HANDLE, digest, 2, 0, LATER), PATIENT_KEY));
        so(consent.grantOf(HANDLE, digest) == IConsent.GrantState.Ended, "state");
        so(!may(opening(doctor), doctor, "read", NOW), "read");
        so(!may(opening(doctor), doctor, "add", NOW), "add");
    }

    // @peer MedRec: permissions changed without a signature | refused
    function test_MedRec_permissions_changed_without_a_signature() public {
        bytes32 digest = granted(otherDoctor);
        refused(grant(requestOf(opening(doctor)), ""), IRefusals.SignatureInvalid.selector);
        Revoke[] memory revokes = new Revoke[](1);
        revokes[0] = Revoke(HANDLE, digest, 2, 0, LATER);
        vm.recordLogs();
        consent.revoke(revokes, one(bytes("")));
        refused(outcome(), IRefusals.SignatureInvalid.selector);
        CommitEpochs[] memory commitments = new CommitEpochs[](1);
        commitments[0] = CommitEpochs(HANDLE, 2, 4, "mine", LATER);
        vm.recordLogs();
        consent.commitEpochs(commitments, one(bytes("")));
        refused(outcome(), IRefusals.SignatureInvalid.selector);
        uint256[] memory none = new uint256[](0);
        refused(advance(Advance(HANDLE, 2, 0, LATER), none), IRefusals.QuorumMissing.selector);
        refused(
            checkpoint(Checkpoint("log", 1, 0), new bytes32[](0), none),
            IRefusals.QuorumMissing.selector
        );
    }

    function test_MedRec_a_signature_over_a_future_time_was_good_again_and_again(uint64 deadline) public {
        vm.assume(deadline >= NOW);
        Grant memory grant_ = opening(doctor);
        grant_.deadline = deadline;
        GrantRequest memory request = requestOf(grant_);
        taken(grant(request, PATIENT_KEY));
        refused(grant(request, PATIENT_KEY), IConsent.GrantKnown.selector);
        taken(revoke(Revoke(HANDLE, grantDigest(grant_), 2, 0, LATER), PATIENT_KEY));
        refused(grant(request, PATIENT_KEY), IConsent.GrantKnown.selector);
    }

    // Uzima

    // @peer Uzima: approvals of an ended request counted for the next one | refused
    function test_Uzima_approvals_of_an_ended_request_counted_for_the_next_one() public {
        Enrolment memory before = enrolment(address(0x77), 2, 0);
        taken(enrol(before, quorum(authorityKeys)));
        Enrolment memory next = enrolment(address(0x78), 2, 0);
        bytes[] memory mixed = new bytes[](2);
        mixed[0] = signature(authorityKeys[0], hashes.hash(before));
        mixed[1] = signature(authorityKeys[1], hashes.hash(next));
        Enrolment[] memory requests = new Enrolment[](1);
        requests[0] = next;
        vm.recordLogs();
        registry.enrol(requests, one(mixed));
        so(outcome() != 0 && !registry.isActive(address(0x78)), "one approval was enough");
    }

    // @peer Uzima: the last approver set the duration alone | refused
    function test_Uzima_the_last_approver_set_the_duration_alone(uint64 epoch) public {
        vm.assume(epoch != 2);
        Advance memory agreed = Advance(HANDLE, 2, 0, LATER);
        Advance memory other = Advance(HANDLE, epoch, 0, type(uint64).max);
        bytes[] memory mixed = new bytes[](2);
        mixed[0] = signature(coordinatorKeys[0], hashes.hash(agreed));
        mixed[1] = signature(coordinatorKeys[1], hashes.hash(other));
        Advance[] memory requests = new Advance[](1);
        requests[0] = other;
        vm.recordLogs();
        consent.advance(requests, one(mixed));
        so(outcome() != 0, "advanced");
        requests[0] = agreed;
        vm.recordLogs();
        consent.advance(requests, one(mixed));
        so(outcome() != 0, "advanced");
    }

    // @peer Uzima: anyone used a nullifier up | refused
    function test_Uzima_anyone_could_use_a_nullifier_up(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != PATIENT_KEY);
        GrantRequest memory request = requestOf(opening(doctor));
        so(grant(request, key) != 0, "taken");
        taken(grant(request, PATIENT_KEY));
    }

    // Medblock

    // @peer Medblock: the expiry of consent was commented out | a right ends by its date on an idle ledger
    function test_Medblock_the_expiry_of_consent_was_commented_out() public {
        granted(doctor);
        uint64 until = opening(doctor).terms.until;
        so(may(opening(doctor), doctor, "read", until - 1), "the second before");
        so(!may(opening(doctor), doctor, "read", until), "the second");
        so(!may(opening(doctor), doctor, "read", until + 1 days), "a day later");
    }

    // HealthChains

    // @peer HealthChains: purposes and data types were readable on chain | commitments alone
    function test_HealthChains_purposes_and_data_types_were_readable_on_chain() public {
        GrantRequest[] memory requests = new GrantRequest[](1);
        requests[0] = requestOf(opening(doctor));
        bytes memory signed = signature(PATIENT_KEY, hashes.hash(requests[0]));
        bytes memory call = abi.encodeCall(IConsent.grant, (requests, one(signed)));
        vm.recordLogs();
        consent.grant(requests, one(signed));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs.length, 1);
        bytes memory seen = bytes.concat(call, abi.encode(logs[0].topics), logs[0].data);
        so(!holds(seen, "TREAT"), "purpose");
        so(!holds(seen, "laboratory"), "category");
        so(!holds(seen, abi.encodePacked(doctor)), "grantee");
        so(!holds(seen, abi.encodePacked(keccak256("TREAT"))), "plain hash of the purpose");
        so(!holds(seen, abi.encodePacked(keccak256("laboratory"))), "plain hash of a category");
        so(!holds(seen, abi.encodePacked(opening(doctor).terms.until)), "until");
    }

    // @peer HealthChains: a purpose was recorded and not enforced | refused
    function test_HealthChains_purpose_was_recorded_and_not_enforced() public {
        granted(doctor);
        so(!consent.check(opening(doctor), doctor, "read", "laboratory", RECORD, "", NOW), "no purpose");
        so(!consent.check(opening(doctor), doctor, "read", "laboratory", RECORD, "HRESCH", NOW), "another");
    }

    // Fabric-EHR

    // @peer Fabric-EHR: anyone consented for anyone | refused
    function test_Fabric_EHR_the_requester_was_a_plain_argument_so_anyone_consented_for_anyone(
        uint256 key
    ) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != PATIENT_KEY);
        vm.startPrank(patient);
        so(grant(requestOf(opening(doctor)), key) != 0, "taken");
        so(!may(opening(doctor), doctor, "read", NOW), "check");
    }

    // EHR-APP

    // @peer EHR-APP: anyone registered with a role of their choice | refused
    function test_EHR_APP_anyone_registered_with_a_role_of_their_choice(uint256 key, uint8 role) public {
        uint256[] memory keys = new uint256[](1);
        keys[0] = within(key, 1, type(uint128).max);
        address self = vm.addr(keys[0]);
        vm.assume(!registry.isActive(self));
        vm.startPrank(self);
        so(enrol(enrolment(self, role, role == PATIENT ? bytes32("h") : bytes32(0)), keys) != 0, "taken");
        so(!registry.isActive(self), "active");
    }

    function test_EHR_APP_a_doctor_who_was_given_one_record_got_all(bytes32 record) public {
        vm.assume(record != RECORD);
        Grant memory grant_ = opening(doctor);
        grant_.terms.record = RECORD;
        taken(grant(requestOf(grant_), PATIENT_KEY));
        so(!consent.check(grant_, doctor, "read", "laboratory", record, "TREAT", NOW), "check");
    }

    // @peer EHR-APP: access hung on a sender that a call can make up | refused
    function test_EHR_APP_access_hung_on_a_sender_that_a_call_can_make_up(address sender) public {
        granted(doctor);
        vm.prank(doctor);
        so(!may(opening(doctor), sender == doctor ? otherDoctor : sender, "read", NOW), "as the doctor");
        vm.prank(sender);
        so(may(opening(doctor), doctor, "read", NOW), "as anyone");
    }

    // @peer EHR-APP: there was no way to revoke | a right ends
    function test_EHR_APP_had_no_way_to_revoke() public {
        taken(revoke(Revoke(HANDLE, granted(doctor), 2, 0, LATER), PATIENT_KEY));
        so(!may(opening(doctor), doctor, "read", NOW), "check");
    }

    // Shared by nearly all

    function test_revoking_changed_a_boolean_and_never_the_key() public {
        bytes32 digest = granted(doctor);
        Revoke memory request = Revoke(HANDLE, digest, 2, "packets", LATER);
        request.epoch = 1;
        refused(revoke(request, PATIENT_KEY), IConsent.EpochUnexpected.selector);
        request.epoch = 2;
        taken(revoke(request, PATIENT_KEY));
        (uint64 epoch, , , ) = consent.epochOf(HANDLE);
        same(epoch, 2);
    }

    function holds(bytes memory text, bytes memory part) private pure returns (bool) {
        for (uint256 i; i + part.length <= text.length; ++i) {
            uint256 j;
            while (j < part.length && text[i + j] == part[j]) ++j;
            if (j == part.length) return true;
        }
        return false;
    }
}
