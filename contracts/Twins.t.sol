// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Grant, GrantRequest, Revoke} from "./RequestTypes.sol";
import {IConsent} from "./interfaces/IConsent.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {World} from "./test/World.t.sol";

/// A patient whose handle differs from a victim's in a single bit, enrolled by the authority itself: it has its own
/// chart and no hold on the victim's.
contract TwinsTest is World {
    uint256 private constant TWIN_KEY = 0x7311;

    /// Enrols the twin whose handle differs in one bit, and begins its epochs.
    function twin(uint256 bit) private returns (bytes32 handle) {
        handle = HANDLE ^ bytes32(uint256(1) << within(bit, 0, 255));
        taken(enrol(enrolment(vm.addr(TWIN_KEY), PATIENT, handle), quorum(authorityKeys)));
        taken(commit(commitment(handle), TWIN_KEY));
    }

    function test_a_twin_whose_handle_differs_in_the_last_byte_ends_no_grant() public {
        bytes32 digest = granted(doctor);
        bytes32 handle = twin(0);
        refused(revoke(Revoke(handle, digest, 2, 0, LATER), TWIN_KEY), IConsent.GrantUnknown.selector);
        so(may(opening(doctor), doctor, "read", NOW), "the right stands");
        so(consent.grantOf(HANDLE, digest) == IConsent.GrantState.Active, "state");
    }

    // @attack a patient whose handle differs in one bit ends another's grant | a grant is found by its whole handle and digest
    function test_a_twin_ends_no_grant_whichever_bit_differs(uint256 bit) public {
        bytes32 digest = granted(doctor);
        bytes32 handle = twin(bit);
        refused(revoke(Revoke(handle, digest, 2, 0, LATER), TWIN_KEY), IConsent.GrantUnknown.selector);
        so(may(opening(doctor), doctor, "read", NOW), "the right stands");
        (uint64 epoch, , , ) = consent.epochOf(HANDLE);
        same(epoch, 1);
    }

    function test_a_twin_cannot_end_a_grant_in_the_victims_name(uint256 bit) public {
        bytes32 digest = granted(doctor);
        twin(bit);
        refused(revoke(Revoke(HANDLE, digest, 2, 0, LATER), TWIN_KEY), IRefusals.SignatureInvalid.selector);
        so(may(opening(doctor), doctor, "read", NOW), "the right stands");
    }

    function test_a_twin_cannot_use_up_a_grant_before_its_patient_makes_it(uint256 bit) public {
        Grant memory twins = opening(doctor);
        twins.handle = twin(bit);
        taken(grant(requestOf(twins), TWIN_KEY));
        refused(grant(requestOf(opening(doctor)), TWIN_KEY), IRefusals.SignatureInvalid.selector);
        granted(doctor);
        taken(revoke(Revoke(twins.handle, grantDigest(twins), 2, 0, LATER), TWIN_KEY));
        so(!may(twins, doctor, "read", NOW), "the twin's ended");
        so(may(opening(doctor), doctor, "read", NOW), "the victim's stands");
    }

    function test_a_grant_of_a_twin_opens_nothing_of_the_victim(uint256 bit) public {
        Grant memory twins = opening(doctor);
        twins.handle = twin(bit);
        taken(grant(requestOf(twins), TWIN_KEY));
        so(!may(opening(doctor), doctor, "read", NOW), "check");
        so(consent.grantOf(HANDLE, grantDigest(twins)) == IConsent.GrantState.Unknown, "state");
    }

    function test_a_twin_enters_epochs_of_its_own(uint256 bit) public {
        bytes32 handle = twin(bit);
        Grant memory twins = opening(doctor);
        twins.handle = handle;
        taken(grant(requestOf(twins), TWIN_KEY));
        taken(revoke(Revoke(handle, grantDigest(twins), 2, 0, LATER), TWIN_KEY));
        (uint64 epoch, , , ) = consent.epochOf(handle);
        same(epoch, 2);
        (epoch, , , ) = consent.epochOf(HANDLE);
        same(epoch, 1);
    }

    function test_a_handle_is_enrolled_once_whoever_signs(uint256 key, uint8 signers) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(!registry.isActive(vm.addr(key)));
        uint256[] memory keys = signers % 2 == 0 ? quorum(authorityKeys) : authorityKeys;
        refused(enrol(enrolment(vm.addr(key), PATIENT, HANDLE), keys), IRegistry.HandleTaken.selector);
        same(registry.controllerOf(HANDLE), patient);
        so(!registry.isActive(vm.addr(key)), "no party");
    }
}
