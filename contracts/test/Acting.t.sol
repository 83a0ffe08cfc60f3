// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EndMandate, MandateRequest, MandateTypes} from "../MandateTypes.sol";
import {IMandates} from "../interfaces/IMandates.sol";
import {World} from "./World.t.sol";

/// Struct hashes of mandates that a test holds in memory.
contract MandateHashes {
    using MandateTypes for *;

    function hash(MandateRequest calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hashEnd(EndMandate calldata value) external pure returns (bytes32) {
        return value.hash();
    }
}

/// A network whose patient lets other keys act.
abstract contract Acting is World {
    uint8 internal constant RULES = 1;
    uint8 internal constant KEYS = 2;
    uint8 internal constant APPOINT = 4;
    uint8 internal constant ALL = 7;
    uint64 internal constant OVER = NOW + 90 days;
    uint256 internal constant MARTA_KEY = 0x3A27A;
    uint256 internal constant JANO_KEY = 0x1A40;

    MandateHashes internal texts;

    function setUp() public virtual override {
        super.setUp();
        texts = new MandateHashes();
    }

    function mandate(uint256 key, uint8 powers, uint64 until) internal pure returns (MandateRequest memory) {
        return MandateRequest(keccak256("terms"), HANDLE, vm.addr(key), powers, until, LATER);
    }

    function appoint(MandateRequest memory request, uint256 key) internal returns (bytes4) {
        return appoint(request, signature(key, texts.hash(request)));
    }

    function appoint(MandateRequest memory request, bytes memory signed) internal returns (bytes4) {
        MandateRequest[] memory requests = new MandateRequest[](1);
        requests[0] = request;
        vm.recordLogs();
        mandates.appoint(requests, one(signed));
        return outcome();
    }

    /// A mandate of the patient that is on the ledger.
    function appointed(uint256 key, uint8 powers) internal returns (address) {
        MandateRequest memory request = mandate(key, powers, OVER);
        taken(appoint(request, PATIENT_KEY));
        return request.key;
    }

    function endMandate(EndMandate memory request, uint256 key) internal returns (bytes4) {
        EndMandate[] memory requests = new EndMandate[](1);
        requests[0] = request;
        bytes memory signed = signature(key, texts.hashEnd(request));
        vm.recordLogs();
        mandates.end(requests, one(signed));
        return outcome();
    }

    function endMandate(address acting, uint256 key) internal returns (bytes4) {
        return endMandate(EndMandate(HANDLE, acting, uint64(block.timestamp)), key);
    }

    function acts(uint256 key, uint8 power) internal view returns (bool) {
        return mandates.maySign(HANDLE, vm.addr(key), power, uint64(block.timestamp));
    }
}
