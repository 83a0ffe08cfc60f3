// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsent} from "../interfaces/IConsent.sol";
import {IEvidence} from "../interfaces/IEvidence.sol";
import {IPrescriptions} from "../interfaces/IPrescriptions.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {IValidators} from "../interfaces/IValidators.sol";
import {IVitalRecords} from "../interfaces/IVitalRecords.sol";
import {Seat} from "../libraries/Offices.sol";
import {Asserts} from "./Asserts.t.sol";

/// Puts the contracts on the ledger as they were compiled for it, so that the tests themselves can be compiled fast
/// and still judge the very bytes that are released.
abstract contract Deploys is Asserts {
    function deployRegistry(
        bytes32 networkId,
        Seat[] memory authority,
        uint8 authorityThreshold,
        Seat[] memory coordinators,
        uint8 coordinatorThreshold,
        uint32 delay
    ) internal returns (IRegistry) {
        bytes memory arguments = abi.encode(
            networkId,
            authority,
            authorityThreshold,
            coordinators,
            coordinatorThreshold,
            delay
        );
        return IRegistry(create(bytes.concat(vm.getCode("Registry"), arguments)));
    }

    function deployConsent(IRegistry registry, uint64 longestRight) internal returns (IConsent) {
        bytes memory arguments = abi.encode(registry, longestRight);
        return IConsent(create(bytes.concat(vm.getCode("Consent"), arguments)));
    }

    function deployEvidence(IRegistry registry) internal returns (IEvidence) {
        return IEvidence(create(bytes.concat(vm.getCode("Evidence"), abi.encode(registry))));
    }

    function deployPrescriptions(IRegistry registry) internal returns (IPrescriptions) {
        return IPrescriptions(create(bytes.concat(vm.getCode("Prescriptions"), abi.encode(registry))));
    }

    function deployVitalRecords(IRegistry registry) internal returns (IVitalRecords) {
        return IVitalRecords(create(bytes.concat(vm.getCode("VitalRecords"), abi.encode(registry))));
    }

    function deployValidators(
        IRegistry registry,
        IValidators.Stake[] memory founders
    ) internal returns (IValidators) {
        bytes memory arguments = abi.encode(registry, founders);
        return IValidators(create(bytes.concat(vm.getCode("Validators"), arguments)));
    }

    function create(bytes memory code) private returns (address made) {
        assembly {
            made := create(0, add(code, 32), mload(code))
        }
    }
}
