// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    CancelPrescription,
    DispenseRequest,
    HoldPrescription,
    PassPrescription,
    PrescriptionCheck,
    PrescriptionRequest,
    PrescriptionTypes
} from "../PrescriptionTypes.sol";
import {IPrescriptions} from "../interfaces/IPrescriptions.sol";
import {World} from "./World.t.sol";

/// Struct hashes of values that a test holds in memory.
contract PrescriptionHashes {
    using PrescriptionTypes for *;

    function hash(PrescriptionRequest calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(PrescriptionCheck calldata value) external pure returns (bytes32) {
        return PrescriptionCheck(value.prescription, value.order).hash();
    }

    function hash(DispenseRequest calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(HoldPrescription calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(CancelPrescription calldata value) external pure returns (bytes32) {
        return value.hash();
    }

    function hash(PassPrescription calldata value) external pure returns (bytes32) {
        return value.hash();
    }
}

/// The world with prescriptions; and for every kind of request a function that sends it alone, signed with a given key.
abstract contract Prescribing is World {
    uint256 internal constant HOLDER_KEY = 0x501;
    uint256 internal constant NEXT_HOLDER_KEY = 0x502;
    uint256 internal constant SLIP_KEY = 0x503;
    uint256 internal constant NEXT_SLIP_KEY = 0x504;
    uint24 internal constant AMOUNT = 30;
    uint8 internal constant FILLS = 3;

    PrescriptionHashes internal texts;
    IPrescriptions internal prescriptions;

    function setUp() public virtual override {
        World.setUp();
        texts = new PrescriptionHashes();
        prescriptions = deployPrescriptions(registry);
    }

    /// Thirty tablets, three times, all at once if the patient wants them.
    function prescription() internal view returns (PrescriptionRequest memory) {
        return
            PrescriptionRequest({
                termsHash: keccak256("terms"),
                prescriber: doctor,
                second: address(0),
                holder: vm.addr(HOLDER_KEY),
                slip: vm.addr(SLIP_KEY),
                amount: AMOUNT,
                fills: FILLS,
                interval: 0,
                from: NOW,
                until: NOW + 100 days,
                replaces: 0,
                deadline: LATER
            });
    }

    /// The same, and each fill at least 28 days after the one before.
    function monthly() internal view returns (PrescriptionRequest memory request) {
        request = prescription();
        request.interval = 28;
    }

    function digestOf(PrescriptionRequest memory request) internal view returns (bytes32) {
        return digestOf(texts.hash(request));
    }

    function prescribed(PrescriptionRequest memory request) internal returns (bytes32) {
        taken(prescribe(request, DOCTOR_KEY));
        return digestOf(request);
    }

    function dispensing(
        bytes32 digest,
        uint16 step,
        uint24 amount
    ) internal view returns (DispenseRequest memory) {
        return DispenseRequest(digest, step, amount, keccak256("who dispenses"), uint64(block.timestamp));
    }

    function prescribe(PrescriptionRequest memory request, uint256 key) internal returns (bytes4) {
        return prescribe(request, signature(key, texts.hash(request)), "");
    }

    function prescribe(
        PrescriptionRequest memory request,
        bytes memory first,
        bytes memory second
    ) internal returns (bytes4) {
        bytes32 order = orderOf(request);
        return prescribe(request, first, second, order, checksOf(digestOf(request), order));
    }

    function prescribe(
        PrescriptionRequest memory request,
        bytes memory first,
        bytes memory second,
        bytes32 order,
        bytes[] memory checks
    ) internal returns (bytes4) {
        PrescriptionRequest[] memory requests = new PrescriptionRequest[](1);
        requests[0] = request;
        bytes[2][] memory signed = new bytes[2][](1);
        (signed[0][0], signed[0][1]) = (first, second);
        vm.recordLogs();
        prescriptions.prescribe(requests, signed, one(order), one(checks));
        return outcome();
    }

    /// On a record of its own, unless a test says otherwise.
    function orderOf(PrescriptionRequest memory request) internal pure returns (bytes32) {
        return keccak256(abi.encode(request));
    }

    /// A quorum of coordinators vouches.
    function checksOf(bytes32 digest, bytes32 order) internal view returns (bytes[] memory) {
        return signatures(quorum(coordinatorKeys), texts.hash(PrescriptionCheck(digest, order)));
    }

    function one(bytes32 value) internal pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = value;
    }

    function dispense(DispenseRequest memory request, uint256 key) internal returns (bytes4) {
        DispenseRequest[] memory requests = new DispenseRequest[](1);
        requests[0] = request;
        bytes memory signed = signature(key, texts.hash(request));
        vm.recordLogs();
        prescriptions.dispense(requests, one(signed));
        return outcome();
    }

    function dispense(bytes32 digest, uint16 step, uint24 amount) internal returns (bytes4) {
        return dispense(dispensing(digest, step, amount), SLIP_KEY);
    }

    function hold(bytes32 digest, uint16 step, bool held, uint256 key) internal returns (bytes4) {
        HoldPrescription[] memory requests = new HoldPrescription[](1);
        requests[0] = HoldPrescription(digest, step, held, uint64(block.timestamp));
        bytes memory signed = signature(key, texts.hash(requests[0]));
        vm.recordLogs();
        prescriptions.hold(requests, one(signed));
        return outcome();
    }

    function cancel(bytes32 digest, uint256 key) internal returns (bytes4) {
        CancelPrescription[] memory requests = new CancelPrescription[](1);
        requests[0] = CancelPrescription(digest, uint64(block.timestamp));
        bytes memory signed = signature(key, texts.hash(requests[0]));
        vm.recordLogs();
        prescriptions.cancel(requests, one(signed));
        return outcome();
    }

    /// To the next keys.
    function pass(bytes32 digest, uint16 step, uint256 key) internal returns (bytes4) {
        return pass(digest, step, vm.addr(NEXT_HOLDER_KEY), vm.addr(NEXT_SLIP_KEY), key);
    }

    function pass(
        bytes32 digest,
        uint16 step,
        address holder,
        address slip,
        uint256 key
    ) internal returns (bytes4) {
        PassPrescription[] memory requests = new PassPrescription[](1);
        requests[0] = PassPrescription(digest, step, holder, slip, uint64(block.timestamp));
        bytes memory signed = signature(key, texts.hash(requests[0]));
        vm.recordLogs();
        prescriptions.pass(requests, one(signed));
        return outcome();
    }
}
