// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";

/// @notice An organisation's key in an office.
struct Seat {
    address holder;
    bytes32 organisation;
}

/// @title Offices that several organisations hold together
/// @notice An office speaks when holders of as many different organisations as its threshold have signed. The
/// threshold is over half of the organisations, so that no two disjoint sets of them can speak for it.
library Offices {
    struct Office {
        Seat[] seats;
        uint8 threshold;
        /// Number of the last change that was begun.
        uint64 change;
        /// The bit of the holder's organisation; 0 for whoever holds no seat.
        mapping(address holder => uint256 bit) bitOf;
    }

    /// @notice True if seats and threshold make an office: at least one seat, none empty, no key twice, and a
    /// threshold that is over half of the organisations and not over all of them.
    function makeOffice(Seat[] memory seats, uint8 threshold) internal pure returns (bool) {
        if (seats.length > type(uint8).max) return false;
        uint256 organisations;
        for (uint256 i; i < seats.length; ++i) {
            Seat memory seat = seats[i];
            if (seat.holder == address(0) || seat.organisation == 0) return false;
            bool known;
            for (uint256 j; j < i; ++j) {
                if (seats[j].holder == seat.holder) return false;
                if (seats[j].organisation == seat.organisation) known = true;
            }
            if (!known) ++organisations;
        }
        return threshold <= organisations && 2 * uint256(threshold) > organisations;
    }

    /// @notice Replaces the seats and the threshold by others that make an office.
    function install(Office storage office, Seat[] memory seats, uint8 threshold) internal {
        for (uint256 i; i < office.seats.length; ++i) delete office.bitOf[office.seats[i].holder];
        delete office.seats;
        office.threshold = threshold;

        uint256 organisations;
        for (uint256 i; i < seats.length; ++i) {
            uint256 bit;
            for (uint256 j; j < i && bit == 0; ++j) {
                if (seats[j].organisation == seats[i].organisation) bit = office.bitOf[seats[j].holder];
            }
            office.bitOf[seats[i].holder] = bit == 0 ? 1 << organisations++ : bit;
            office.seats.push(seats[i]);
        }
    }

    /// @notice Says why signatures do not make the office speak; 0 if they do.
    /// @param digest What was signed.
    /// @param signatures 65 bytes each, r ‖ s ‖ v with low s, in ascending order of the signers' addresses.
    function refusal(
        Office storage office,
        bytes32 digest,
        bytes[] calldata signatures
    ) internal view returns (bytes4) {
        address last;
        uint256 seen;
        uint256 count;
        for (uint256 i; i < signatures.length; ++i) {
            (address signer, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(digest, signatures[i]);
            if (fault != ECDSA.RecoverError.NoError) return IRefusals.SignatureInvalid.selector;
            if (signer <= last) return IRefusals.SignersUnordered.selector;
            last = signer;
            uint256 bit = office.bitOf[signer];
            if (bit == 0) return IRefusals.SeatMissing.selector;
            if (seen & bit == 0) ++count;
            seen |= bit;
        }
        return count < office.threshold ? IRefusals.QuorumMissing.selector : bytes4(0);
    }
}
