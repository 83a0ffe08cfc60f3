// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    BirthRequest,
    ConfirmDeath,
    DeathRequest,
    ObjectToDeath,
    UndoDeathRequest,
    VitalTypes,
    WillRequest
} from "../VitalTypes.sol";
import {Enrolment} from "../RequestTypes.sol";
import {IVitalRecords} from "../interfaces/IVitalRecords.sol";
import {World} from "./World.t.sol";

/// Struct hashes of values that a test holds in memory.
contract VitalHashes {
    using VitalTypes for *;

    function hash(BirthRequest calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(DeathRequest calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(ConfirmDeath calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(UndoDeathRequest calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(ObjectToDeath calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(WillRequest calldata value) external pure returns (bytes32) {
        return value.hash();
    }
}

/// The world with births and deaths; and for every kind of request a function that sends it alone, signed with a given
/// key. The doctor and one registrar are of the hospital, another registrar of the laboratory, a doctor of the insurer.
abstract contract Attesting is World {
    uint8 internal constant REGISTRAR = 13;
    uint256 internal constant REGISTRAR_KEY = 0x4E61;
    uint256 internal constant OTHER_REGISTRAR_KEY = 0x4E62;
    uint256 internal constant FAR_DOCTOR_KEY = 0x4E63;
    uint256 internal constant NURSE_KEY = 0x4E64;

    VitalHashes internal texts;
    IVitalRecords internal vital;
    address internal registrar;
    address internal otherRegistrar;
    address internal farDoctor;

    function setUp() public virtual override {
        World.setUp();
        texts = new VitalHashes();
        vital = deployVitalRecords(registry);
        registrar = vm.addr(REGISTRAR_KEY);
        otherRegistrar = vm.addr(OTHER_REGISTRAR_KEY);
        farDoctor = vm.addr(FAR_DOCTOR_KEY);
        enrolAt(registrar, REGISTRAR, "hospital");
        enrolAt(otherRegistrar, REGISTRAR, "laboratory");
        enrolAt(farDoctor, DOCTOR, "insurer");
        enrolAt(vm.addr(NURSE_KEY), 3, "laboratory");
    }

    function enrolAt(address party, uint8 role, bytes32 organisation) internal {
        Enrolment memory request = enrolment(party, role, 0);
        request.organisation = organisation;
        taken(enrol(request, quorum(authorityKeys)));
    }

    function state() internal view returns (IVitalRecords.LifeState) {
        return vital.lifeOf(HANDLE).state;
    }

    function living() internal view {
        so(state() == IVitalRecords.LifeState.Living, "living");
        same(vital.deathOf(HANDLE), 0);
    }

    function dead() internal view {
        so(state() == IVitalRecords.LifeState.Dead, "dead");
    }

    function birth() internal view returns (BirthRequest memory) {
        return BirthRequest(keccak256("born"), registrar, HANDLE, LATER);
    }

    function death(uint16 step, address reporter) internal view returns (DeathRequest memory) {
        return DeathRequest(keccak256("died"), reporter, HANDLE, step, uint64(block.timestamp));
    }

    /// The doctor's report, as the first step; returns its digest.
    function reported() internal returns (bytes32) {
        return reported(1);
    }

    /// The doctor's report, as any step.
    function reported(uint16 step) internal returns (bytes32) {
        DeathRequest memory request = death(step, doctor);
        taken(report(request, DOCTOR_KEY));
        return digestOf(texts.hash(request));
    }

    /// The doctor's report, which the registrar of another organisation confirmed.
    function died() internal returns (bytes32 digest) {
        digest = reported();
        taken(confirm(digest, 2, otherRegistrar, OTHER_REGISTRAR_KEY));
    }

    function register(BirthRequest memory request, uint256 key) internal returns (bytes4) {
        BirthRequest[] memory requests = new BirthRequest[](1);
        requests[0] = request;
        bytes memory signed = signature(key, texts.hash(request));
        vm.recordLogs();
        vital.register(requests, one(signed));
        return outcome();
    }

    function report(DeathRequest memory request, uint256 key) internal returns (bytes4) {
        return report(request, signature(key, texts.hash(request)));
    }

    function report(DeathRequest memory request, bytes memory signed) internal returns (bytes4) {
        DeathRequest[] memory requests = new DeathRequest[](1);
        requests[0] = request;
        vm.recordLogs();
        vital.report(requests, one(signed));
        return outcome();
    }

    function confirm(bytes32 digest, uint16 step, address confirmer, uint256 key) internal returns (bytes4) {
        ConfirmDeath[] memory requests = new ConfirmDeath[](1);
        requests[0] = ConfirmDeath(HANDLE, step, digest, confirmer, uint64(block.timestamp));
        bytes memory signed = signature(key, texts.hash(requests[0]));
        vm.recordLogs();
        vital.confirm(requests, one(signed));
        return outcome();
    }

    function undoing(
        bytes32 digest,
        uint16 step,
        address first,
        address second
    ) internal view returns (UndoDeathRequest memory) {
        return
            UndoDeathRequest(keccak256("why"), HANDLE, step, digest, first, second, uint64(block.timestamp));
    }

    function undo(
        UndoDeathRequest memory request,
        uint256 firstKey,
        uint256 secondKey
    ) internal returns (bytes4) {
        UndoDeathRequest[] memory requests = new UndoDeathRequest[](1);
        requests[0] = request;
        bytes32 text = texts.hash(request);
        bytes[2][] memory signed = new bytes[2][](1);
        (signed[0][0], signed[0][1]) = (signature(firstKey, text), signature(secondKey, text));
        vm.recordLogs();
        vital.undo(requests, signed);
        return outcome();
    }

    function object(bytes32 digest, uint16 step, uint256 key) internal returns (bytes4) {
        ObjectToDeath[] memory requests = new ObjectToDeath[](1);
        requests[0] = ObjectToDeath(HANDLE, step, digest, uint64(block.timestamp));
        bytes memory signed = signature(key, texts.hash(requests[0]));
        vm.recordLogs();
        vital.object(requests, one(signed));
        return outcome();
    }

    function setWill(bytes32 termsHash, uint16 number, uint256 key) internal returns (bytes4) {
        WillRequest[] memory requests = new WillRequest[](1);
        requests[0] = WillRequest(termsHash, HANDLE, number, uint64(block.timestamp));
        bytes memory signed = signature(key, texts.hash(requests[0]));
        vm.recordLogs();
        vital.setWill(requests, one(signed));
        return outcome();
    }
}
