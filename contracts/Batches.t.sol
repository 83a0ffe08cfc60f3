// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Enrolment, Grant, GrantRequest, Revoke} from "./RequestTypes.sol";
import {IConsent} from "./interfaces/IConsent.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {World} from "./test/World.t.sol";

/// The fate of a request does not depend on the batch that it comes in.
contract BatchesTest is World {
    uint256 private constant SIZE = 12;

    function setUp() public override {
        super.setUp();
        vm.warp(NOW + 10);
    }

    /// A request of the patient that is good or bad in one of seven ways, by `kind`.
    function request(
        uint256 kind,
        uint256 salt
    ) private view returns (GrantRequest memory made, bytes memory signed, bytes4 refusal) {
        Grant memory grant_ = opening(doctor);
        grant_.terms.salt = bytes16(uint128(salt));
        uint256 key = PATIENT_KEY;
        if (kind == 1) (grant_.deadline, refusal) = (NOW, IRefusals.DeadlinePassed.selector);
        if (kind == 2) (key, refusal) = (STRANGER_KEY, IRefusals.SignatureInvalid.selector);
        if (kind == 3) (grant_.handle, refusal) = ("no one", IConsent.HandleUnknown.selector);
        if (kind == 4) (grant_.handle, refusal) = (OTHER_HANDLE, IRefusals.SignatureInvalid.selector);
        made = requestOf(grant_);
        signed = signature(key, hashes.hash(made));
        if (kind == 5) (signed, refusal) = ("", IRefusals.SignatureInvalid.selector);
        if (kind == 6) (made.termsHash, refusal) = (0, IRefusals.SignatureInvalid.selector);
    }

    function test_each_request_of_a_batch_is_judged_for_itself(uint256 kinds) public {
        GrantRequest[] memory requests = new GrantRequest[](SIZE);
        bytes[] memory signed = new bytes[](SIZE);
        bytes4[] memory expected = new bytes4[](SIZE);
        for (uint256 i; i < SIZE; ++i) {
            (requests[i], signed[i], expected[i]) = request((kinds >> (8 * i)) % 7, i);
        }
        vm.recordLogs();
        consent.grant(requests, signed);
        bytes4[] memory refusals = outcomes(SIZE);
        for (uint256 i; i < SIZE; ++i) same(refusals[i], expected[i]);
    }

    function test_a_batch_does_what_its_requests_do_one_by_one(uint256 kinds, uint256 salts) public {
        IConsent apart = deployConsent(registry, mandates, LONGEST_RIGHT);
        prepare(apart);
        GrantRequest[] memory requests = new GrantRequest[](SIZE);
        bytes[] memory signed = new bytes[](SIZE);
        for (uint256 i; i < SIZE; ++i) {
            // Few salts, so that a batch holds the same grant more than once.
            (requests[i], signed[i], ) = request((kinds >> (8 * i)) % 7, (salts >> (8 * i)) % 4);
        }
        vm.recordLogs();
        consent.grant(requests, signed);
        bytes4[] memory together = outcomes(SIZE);
        for (uint256 i; i < SIZE; ++i) {
            GrantRequest[] memory alone = new GrantRequest[](1);
            alone[0] = requests[i];
            vm.recordLogs();
            apart.grant(alone, one(signed[i]));
            same(outcome(), together[i]);
        }
        for (uint256 i; i < SIZE; ++i) {
            bytes32 digest = digestOf(hashes.hash(requests[i]));
            bytes32 handle = requests[i].handle;
            so(consent.grantOf(handle, digest) == apart.grantOf(handle, digest), "state");
        }
    }

    function test_the_order_of_requests_that_do_not_touch_changes_nothing(
        uint256 kinds,
        uint256 shift
    ) public {
        GrantRequest[] memory requests = new GrantRequest[](SIZE);
        bytes[] memory signed = new bytes[](SIZE);
        bytes4[] memory expected = new bytes4[](SIZE);
        for (uint256 i; i < SIZE; ++i) {
            uint256 place = (i + (shift % SIZE)) % SIZE;
            (requests[place], signed[place], expected[place]) = request((kinds >> (8 * i)) % 7, i);
        }
        vm.recordLogs();
        consent.grant(requests, signed);
        bytes4[] memory refusals = outcomes(SIZE);
        for (uint256 i; i < SIZE; ++i) same(refusals[i], expected[i]);
    }

    function test_a_revoke_that_is_refused_leaves_the_next_one_its_epoch() public {
        bytes32 digest = granted(doctor);
        Revoke[] memory requests = new Revoke[](3);
        bytes[] memory signed = new bytes[](3);
        requests[0] = Revoke(HANDLE, keccak256("no grant"), 2, 0, LATER);
        requests[1] = Revoke(HANDLE, digest, 2, 0, LATER);
        requests[2] = Revoke(HANDLE, digest, 3, 0, LATER);
        for (uint256 i; i < 3; ++i) signed[i] = signature(PATIENT_KEY, hashes.hash(requests[i]));
        vm.recordLogs();
        consent.revoke(requests, signed);
        bytes4[] memory refusals = outcomes(3);
        refused(refusals[0], IConsent.GrantUnknown.selector);
        taken(refusals[1]);
        refused(refusals[2], IConsent.GrantEnded.selector);
    }

    function test_an_enrolment_that_is_refused_lets_its_neighbours_in() public {
        Enrolment[] memory requests = new Enrolment[](3);
        bytes[][] memory signed = new bytes[][](3);
        for (uint256 i; i < 3; ++i) {
            requests[i] = enrolment(address(uint160(0x1000 + i)), i == 1 ? 0 : 2, 0);
            signed[i] = signatures(quorum(authorityKeys), hashes.hash(requests[i]));
        }
        vm.recordLogs();
        registry.enrol(requests, signed);
        bytes4[] memory refusals = outcomes(3);
        so(refusals[0] == 0 && refusals[1] != 0 && refusals[2] == 0, "refusals");
        so(registry.isActive(address(0x1000)) && registry.isActive(address(0x1002)), "enrolled");
    }

    function test_a_batch_of_nothing_does_nothing() public {
        vm.recordLogs();
        consent.grant(new GrantRequest[](0), new bytes[](0));
        same(vm.getRecordedLogs().length, 0);
    }

    function test_a_batch_with_other_than_one_signature_per_request_reverts(
        uint8 requests,
        uint8 signed
    ) public {
        vm.assume(requests != signed);
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        consent.grant(new GrantRequest[](requests), new bytes[](signed));
    }

    function test_whoever_sends_a_batch_gets_the_same_of_it(address sender) public {
        GrantRequest[] memory requests = new GrantRequest[](1);
        requests[0] = requestOf(opening(doctor));
        bytes memory signed = signature(PATIENT_KEY, hashes.hash(requests[0]));
        vm.recordLogs();
        vm.prank(sender);
        consent.grant(requests, one(signed));
        taken(outcome());
    }

    function test_a_dry_run_reverts_with_the_first_refusal_and_changes_nothing(uint256 kinds) public {
        GrantRequest[] memory requests = new GrantRequest[](SIZE);
        bytes[] memory signed = new bytes[](SIZE);
        bytes memory expected;
        for (uint256 i; i < SIZE; ++i) {
            bytes4 refusal;
            (requests[i], signed[i], refusal) = request((kinds >> (8 * i)) % 7, i);
            if (refusal != 0 && expected.length == 0)
                expected = abi.encodeWithSelector(IRefusals.RequestRefused.selector, i, refusal);
        }
        vm.prank(address(0));
        try consent.grant(requests, signed) {
            same(expected.length, 0);
        } catch (bytes memory answer) {
            so(keccak256(answer) == keccak256(expected), "refusal");
        }
    }

    /// Brings another Consent of the network to where the first one is.
    function prepare(IConsent apart) private {
        IConsent first = consent;
        consent = apart;
        vm.warp(NOW);
        taken(commit(commitment(HANDLE), PATIENT_KEY));
        vm.warp(NOW + 10);
        consent = first;
    }
}
