// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    ConfirmVital,
    ObjectToVital,
    UndoVitalRequest,
    VitalReport,
    VitalTypes,
    WillRequest
} from "../VitalTypes.sol";
import {Enrolment} from "../RequestTypes.sol";
import {IVitalRecords} from "../interfaces/IVitalRecords.sol";
import {World} from "./World.t.sol";

/// Struct hashes of values that a test holds in memory.
contract VitalHashes {
    using VitalTypes for *;

    function hashOf(string calldata what, VitalReport calldata value) external pure returns (bytes32) {
        return keccak256(bytes(what)) == keccak256("birth") ? value.hashOfBirth() : value.hashOfDeath();
    }

    function hash(ConfirmVital calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(UndoVitalRequest calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(ObjectToVital calldata value) external pure returns (bytes32) {
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
    string internal constant BIRTH = "birth";
    string internal constant DEATH = "death";
    uint64 internal constant OBJECTION = 14 days;
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

    function vitalOf(string memory what) internal view returns (IVitalRecords.Vital memory) {
        return vital.vitalOf(keccak256(bytes(what)), HANDLE);
    }

    function reportOf(string memory what) internal view returns (bytes32) {
        return vital.reportOf(keccak256(bytes(what)), HANDLE);
    }

    function none(string memory what) internal view {
        so(vitalOf(what).stage == IVitalRecords.Stage.None, "none");
        same(reportOf(what), 0);
        same(vitalOf(what).since, 0);
    }

    function confirmed(string memory what) internal view {
        so(vitalOf(what).stage == IVitalRecords.Stage.Confirmed, "confirmed");
    }

    function reportOfStep(uint16 step, address reporter) internal view returns (VitalReport memory) {
        return VitalReport(keccak256("words"), reporter, HANDLE, step, uint64(block.timestamp));
    }

    /// The registrar's report of a birth or a death, as the first step; returns its digest.
    function reported(string memory what) internal returns (bytes32) {
        return reported(what, 1);
    }

    /// The registrar's report, as any step.
    function reported(string memory what, uint16 step) internal returns (bytes32 digest) {
        bytes4 refusal;
        (refusal, digest) = reportBy(what, step, REGISTRAR_KEY);
        taken(refusal);
    }

    /// The registrar's report, which the registrar of another organisation confirmed.
    function settled(string memory what) internal returns (bytes32 digest) {
        digest = reported(what);
        taken(confirm(what, digest, 2, OTHER_REGISTRAR_KEY));
    }

    /// A report of a birth or a death by the party of a key; returns its digest too.
    function reportBy(
        string memory what,
        uint16 step,
        uint256 key
    ) internal returns (bytes4 refusal, bytes32 digest) {
        VitalReport memory request = reportOfStep(step, vm.addr(key));
        return (report(what, request, key), digestOf(texts.hashOf(what, request)));
    }

    function report(string memory what, VitalReport memory request, uint256 key) internal returns (bytes4) {
        return report(what, request, signature(key, texts.hashOf(what, request)));
    }

    function report(
        string memory what,
        VitalReport memory request,
        bytes memory signed
    ) internal returns (bytes4) {
        VitalReport[] memory requests = new VitalReport[](1);
        requests[0] = request;
        vm.recordLogs();
        if (keccak256(bytes(what)) == keccak256("birth")) vital.reportBirths(requests, one(signed));
        else vital.reportDeaths(requests, one(signed));
        return outcome();
    }

    function confirm(string memory what, bytes32 digest, uint16 step, uint256 key) internal returns (bytes4) {
        return confirm(ConfirmVital(what, HANDLE, step, digest, vm.addr(key), uint64(block.timestamp)), key);
    }

    function confirm(ConfirmVital memory request, uint256 key) internal returns (bytes4) {
        ConfirmVital[] memory requests = new ConfirmVital[](1);
        requests[0] = request;
        bytes memory signed = signature(key, texts.hash(request));
        vm.recordLogs();
        vital.confirm(requests, one(signed));
        return outcome();
    }

    function undo(
        string memory what,
        bytes32 digest,
        uint16 step,
        uint256 firstKey,
        uint256 secondKey
    ) internal returns (bytes4) {
        (address first, address second) = (vm.addr(firstKey), vm.addr(secondKey));
        uint64 deadline = uint64(block.timestamp);
        UndoVitalRequest memory request = UndoVitalRequest(
            keccak256("why"),
            what,
            HANDLE,
            step,
            digest,
            first,
            second,
            deadline
        );
        return undo(request, firstKey, secondKey);
    }

    function undo(
        UndoVitalRequest memory request,
        uint256 firstKey,
        uint256 secondKey
    ) internal returns (bytes4) {
        UndoVitalRequest[] memory requests = new UndoVitalRequest[](1);
        requests[0] = request;
        bytes32 text = texts.hash(request);
        bytes[2][] memory signed = new bytes[2][](1);
        (signed[0][0], signed[0][1]) = (signature(firstKey, text), signature(secondKey, text));
        vm.recordLogs();
        vital.undo(requests, signed);
        return outcome();
    }

    function object(string memory what, bytes32 digest, uint16 step, uint256 key) internal returns (bytes4) {
        ObjectToVital[] memory requests = new ObjectToVital[](1);
        requests[0] = ObjectToVital(what, HANDLE, step, digest, uint64(block.timestamp));
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
