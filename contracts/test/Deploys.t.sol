// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IClaims} from "../interfaces/IClaims.sol";
import {IConsent} from "../interfaces/IConsent.sol";
import {IEvidence} from "../interfaces/IEvidence.sol";
import {IMandates} from "../interfaces/IMandates.sol";
import {IPrescriptions} from "../interfaces/IPrescriptions.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
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

    function deployMandates(IRegistry registry) internal returns (IMandates) {
        return IMandates(create(bytes.concat(vm.getCode("Mandates"), abi.encode(registry))));
    }

    function deployConsent(
        IRegistry registry,
        IMandates mandates,
        uint64 longestRight
    ) internal returns (IConsent) {
        bytes memory arguments = abi.encode(registry, mandates, longestRight);
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

    /// Settlement and Claims, each of which knows the other by the address that it will have.
    function deployClaims(
        IRegistry registry,
        uint32 term
    ) internal returns (ISettlement settlement, IClaims claims) {
        address next = createdAt(vm.getNonce(address(this)) + 1);
        bytes memory arguments = abi.encode(registry, next);
        settlement = ISettlement(create(bytes.concat(vm.getCode("Settlement"), arguments)));
        arguments = abi.encode(registry, settlement, term);
        claims = IClaims(create(bytes.concat(vm.getCode("Claims"), arguments)));
        so(address(claims) == next, "address");
    }

    /// Address of what this contract creates with a nonce from 1 to 127.
    function createdAt(uint64 nonce) private view returns (address) {
        so(nonce > 0 && nonce < 128, "nonce");
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", this, uint8(nonce))))));
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
